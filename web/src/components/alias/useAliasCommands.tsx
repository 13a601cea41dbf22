// The commands on an alias, with the dialogs that some of them open.
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";

import type { AliasRow } from "@/api/types.ts";

import type { Asking } from "./AliasDialogs.tsx";
import { useAliasActions } from "./useAliasActions.ts";

const AliasDialogs = lazy(() => import("./AliasDialogs.tsx"));

export interface AliasCommands {
  readonly tryIt: (row: AliasRow) => void;
  /** A model's own alias cannot be edited; an alias of the user's is made from it. */
  readonly edit: (row: AliasRow) => void;
  readonly clone: (row: AliasRow) => void;
  readonly rename: (row: AliasRow) => void;
  readonly remove: (row: AliasRow) => void;
  readonly pin: (row: AliasRow) => void;
  readonly tag: (row: AliasRow) => void;
  /** Hand out the files of those that have one. */
  readonly exportFiles: (rows: readonly AliasRow[]) => void;
}

/** The dialogs have to be drawn by whoever uses the commands. */
export function useAliasCommands(): { commands: AliasCommands; dialogs: ReactNode } {
  const actions = useAliasActions();
  const [asking, setAsking] = useState<Asking>(null);
  const commands = useMemo((): AliasCommands => {
    const clone = (alias: AliasRow) => {
      setAsking({ what: "clone", alias });
    };
    return {
      clone,
      tryIt: (row) => {
        actions.tryIt(row.name);
      },
      edit: (row) => {
        if (row.source === "user") actions.edit(row.id);
        else clone(row);
      },
      rename: (alias) => {
        setAsking({ what: "rename", alias });
      },
      remove: (row) => void actions.remove(row),
      pin: (row) => void actions.pin(row, !row.pinned),
      tag: (alias) => {
        setAsking({ what: "tag", alias });
      },
      exportFiles: (rows) => void actions.exportFiles(rows),
    };
  }, [actions]);
  const dialogs =
    asking === null ? null : (
      <Suspense fallback={null}>
        <AliasDialogs
          asking={asking}
          onClose={() => {
            setAsking(null);
          }}
        />
      </Suspense>
    );
  return { commands, dialogs };
}
