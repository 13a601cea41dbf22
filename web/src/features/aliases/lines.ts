// The rows of the list as lines of cards: as many side by side as there is room for. Pure.

import type { AliasRow } from "@/api/types.ts";
import type { GroupRow, ItemRow, Row } from "@/lib/rows.ts";

export interface Placed {
  readonly row: ItemRow<AliasRow>;
  /** Its place among the rows. */
  readonly index: number;
}

export type Line =
  | { readonly kind: "group"; readonly row: GroupRow<AliasRow>; readonly index: number }
  | { readonly kind: "cards"; readonly cards: readonly Placed[] };

/** A group begins a line of its own, and so do the cards under it. */
export function linesOf(rows: readonly Row<AliasRow>[], columns: number): readonly Line[] {
  const lines: Line[] = [];
  let open: Placed[] | null = null;
  for (const [index, row] of rows.entries()) {
    if (row.kind === "group") {
      lines.push({ kind: "group", row, index });
      open = null;
    } else if (open === null || open.length === columns) {
      open = [{ row, index }];
      lines.push({ kind: "cards", cards: open });
    } else {
      open.push({ row, index });
    }
  }
  return lines;
}
