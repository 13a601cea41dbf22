// What applies below an alias, as rows are told it: what the server says again is the same object, so
// that an answer draws only the rows for which it says something new.
import { useState } from "react";

import type { AliasDetail } from "@/api/types.ts";

import { belowOf, type Below, keptBelow } from "./edits.ts";

/** Where nothing is known now, what was known before is better than nothing. */
export function useBelow(effective: AliasDetail["effective"]): Below {
  const [last, setLast] = useState(() => ({ effective, below: belowOf(effective) }));
  if (effective.length > 0 && effective !== last.effective)
    setLast({ effective, below: keptBelow(last.below, belowOf(effective)) });
  return last.below;
}
