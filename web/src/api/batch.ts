// One change of many aliases: what it would do, doing it, and taking all of it back.

import { client, dataOf } from "./client.ts";
import type { AliasRow, BatchChange, BatchResult, BatchUndo } from "./types.ts";

type Marked = Pick<AliasRow, "id" | "etag" | "source">;

/** With `dryRun` nothing is changed, and the answer says what would be. */
export function changeMany(
  rows: readonly Marked[],
  change: BatchChange,
  dryRun: boolean,
): Promise<BatchResult> {
  const items = rows.map(({ id, etag }) => ({ id, etag }));
  return dataOf(
    client.POST("/api/v1/aliases/batch", {
      params: { query: { dry_run: dryRun } },
      body: { items, change, undo: [] },
    }),
  );
}

export function undoMany(undo: readonly BatchUndo[]): Promise<BatchResult> {
  return dataOf(
    client.POST("/api/v1/aliases/batch", {
      params: { query: { dry_run: false } },
      body: { items: [], undo: [...undo] },
    }),
  );
}
