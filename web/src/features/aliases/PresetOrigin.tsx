// Which preset an alias was made from, and what was changed since.
import { useQuery } from "@tanstack/react-query";

import { presetsQuery } from "@/api/queries.ts";
import type { AliasDetail } from "@/api/types.ts";
import { settingsOf } from "@/components/params/edits.ts";
import { originOf } from "@/components/params/presetOrigin.ts";

interface Props {
  readonly said: string;
  readonly set: AliasDetail["set"];
}

/** What the file says, until it is known what that is. */
export default function PresetOrigin({ said, set }: Props) {
  const { data } = useQuery(presetsQuery);
  if (data === undefined) return said;
  const preset = data.find(({ name }) => name === said);
  return originOf(said, preset, settingsOf(set));
}
