// Only the rows in view are drawn, besides the group that scrolled away and the row with the tab stop.
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useRef } from "react";

interface Options {
  readonly count: number;
  readonly isGroup: (index: number) => boolean;
  /** Pixels; a new function where heights have changed. */
  readonly heightOf: (index: number) => number;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly active: number;
  /** Somebody comes back to the active row, which has to be in view whatever has moved since. */
  readonly returning?: boolean;
  readonly groupHeight: number;
  readonly headHeight: number;
}

const OVERSCAN = 2;
const TALLEST = 10_000;

// Where the list stood when its screen was left: back means back there.
let leftAt = 0;

export function useVirtualRows(options: Options) {
  const { count, isGroup, heightOf, scroller, active, groupHeight, headHeight } = options;
  const { returning = false } = options;
  const isShown = useRef(false);
  const rangeExtractor = useCallback(
    (range: Range) => {
      const drawn = new Set(defaultRangeExtractor(range));
      for (const index of [lastGroupUpTo(isGroup, range.startIndex), active]) {
        if (index >= 0 && index < range.count) drawn.add(index);
      }
      return [...drawn].sort((a, b) => a - b);
    },
    [isGroup, active],
  );
  // Other keys are what has heights asked for again, and in the same drawing.
  const getItemKey = useCallback((index: number) => index * TALLEST + heightOf(index), [heightOf]);
  // Nothing here is memoized by a compiler, so the library's own way of redrawing holds.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: heightOf,
    getItemKey,
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
    if (!returning || isShown.current) return;
    isShown.current = true;
    virtualizer.scrollToIndex(active);
  }, [virtualizer, returning, active]);
  const start = Math.min(virtualizer.range?.startIndex ?? 0, count - 1);
  return { virtualizer, sticky: lastGroupUpTo(isGroup, start) };
}

function lastGroupUpTo(isGroup: (index: number) => boolean, index: number): number {
  for (let at = index; at >= 0; at -= 1) if (isGroup(at)) return at;
  return -1;
}
