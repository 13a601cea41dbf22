// What can be done from the list, and what it remembers of its rows: expanded, marked.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import type { AliasRow } from "@/api/types.ts";
import { useAliasCommands } from "@/components/alias/useAliasCommands.tsx";
import type { Row } from "@/lib/rows.ts";

import type { Tuned } from "./tune/TuneLayer.tsx";
import type { RowActions } from "./useRowFocus.ts";

interface Options {
  readonly rows: readonly Row<AliasRow>[];
  readonly open: (row: AliasRow) => void;
  readonly fold: (group: string) => void;
  readonly foldAll: (folded: boolean) => void;
}

const NONE: ReadonlySet<string> = new Set();
// What most people change first, where an alias sets nothing yet.
const FIRST_KEY = "temperature";

export function useListActions({ rows, open, fold, foldAll }: Options) {
  const { commands, dialogs } = useAliasCommands();
  const [expanded, setExpanded] = useState(NONE);
  const [marked, setMarked] = useState(NONE);
  const [tuned, setTuned] = useState<Tuned | null>(null);
  const lastMarked = useRef<string | null>(null);
  // Looked at where somebody marks, so that what is found does not make other actions of them.
  const shown = useRef(rows);
  useEffect(() => {
    shown.current = rows;
  }, [rows]);
  const isExpanded = useCallback((row: AliasRow) => expanded.has(row.id), [expanded]);
  const actions: RowActions = useMemo(
    () => ({
      ...commands,
      open,
      fold,
      foldAll,
      isExpanded,
      isMarked: (row) => marked.has(row.id),
      markAll: (some) => {
        const ids = some.map((row) => row.id);
        setMarked((before) => toggled(before, ids, !ids.every((id) => before.has(id))));
      },
      tune: (row, wanted, opener) => {
        const key = wanted ?? row.set[0]?.key ?? FIRST_KEY;
        const chip = wanted === null ? opener.querySelector("[data-chip]") : null;
        const place = (chip ?? opener).getBoundingClientRect();
        setTuned({ id: row.id, key, opener, place });
      },
      expand: (row) => {
        setExpanded((before) => toggled(before, [row.id], !before.has(row.id)));
      },
      mark: (row, range) => {
        const from = range ? lastMarked.current : null;
        lastMarked.current = row.id;
        const ids = from === null ? [row.id] : idsBetween(shown.current, from, row.id);
        setMarked((before) => toggled(before, ids, from !== null || !before.has(row.id)));
      },
    }),
    [commands, open, fold, foldAll, isExpanded, marked],
  );
  return {
    actions,
    dialogs,
    marked,
    unmark: () => {
      setMarked(NONE);
    },
    tuned,
    endTuning: () => {
      setTuned(null);
      requestAnimationFrame(() => {
        tuned?.opener.focus({ preventScroll: true });
      });
    },
  };
}

function toggled(before: ReadonlySet<string>, ids: readonly string[], on: boolean) {
  const next = new Set(before);
  for (const id of ids) {
    if (on) next.add(id);
    else next.delete(id);
  }
  return next;
}

/** From one row to another as they are shown, whichever is above. */
function idsBetween(rows: readonly Row<AliasRow>[], from: string, to: string): readonly string[] {
  const ids = rows.flatMap((row) => (row.kind === "item" ? [row.item.id] : []));
  const ends = [ids.indexOf(from), ids.indexOf(to)].sort((a, b) => a - b);
  const [first = -1, last = -1] = ends;
  return first === -1 ? [to] : ids.slice(first, last + 1);
}
