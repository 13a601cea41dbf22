// Only the rows in view are drawn, besides the group that scrolled away and the row with the tab stop.
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect } from "react";

import type { AliasRow } from "@/api/types.ts";
import type { Row } from "@/lib/rows.ts";

interface Options {
  readonly rows: readonly Row<AliasRow>[];
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly active: number;
  readonly rowHeight: number;
  readonly groupHeight: number;
  readonly headHeight: number;
  /** Pixels that a row takes beside its own height. */
  readonly extraOf?: (row: AliasRow) => number;
}

const OVERSCAN = 4;

// Where the list stood when its screen was left: back means back there.
let leftAt = 0;

export function useVirtualRows(options: Options) {
  const { rows, scroller, active, rowHeight, groupHeight, headHeight, extraOf } = options;
  const rangeExtractor = useCallback(
    (range: Range) => {
      const drawn = new Set(defaultRangeExtractor(range));
      for (const index of [lastGroupUpTo(rows, range.startIndex), active]) {
        if (index >= 0 && index < range.count) drawn.add(index);
      }
      return [...drawn].sort((a, b) => a - b);
    },
    [rows, active],
  );
  // Nothing here is memoized by a compiler, so the library's own way of redrawing holds.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const row = rows[index];
      if (row?.kind === "group") return groupHeight;
      return rowHeight + (row === undefined ? 0 : (extraOf?.(row.item) ?? 0));
    },
    overscan: OVERSCAN,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight + groupHeight,
    initialOffset: () => leftAt,
    rangeExtractor,
    onChange: (instance) => {
      leftAt = instance.scrollOffset ?? 0;
    },
  });
  useEffect(() => {
    virtualizer.measure();
  }, [virtualizer, rowHeight, groupHeight, extraOf]);
  return { virtualizer, sticky: lastGroupUpTo(rows, virtualizer.range?.startIndex ?? 0) };
}

function lastGroupUpTo(rows: readonly Row<AliasRow>[], index: number): number {
  for (let at = Math.min(index, rows.length - 1); at >= 0; at -= 1) {
    if (rows[at]?.kind === "group") return at;
  }
  return -1;
}
