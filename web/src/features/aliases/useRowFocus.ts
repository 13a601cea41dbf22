// One row of the list has the tab stop; keys move it (roving tabindex).
import type { Virtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";

import type { AliasRow } from "@/api/types.ts";
import type { Row } from "@/lib/rows.ts";

const PAGE = 10;

export interface RowActions {
  readonly open: (row: AliasRow) => void;
  readonly tryIt: (row: AliasRow) => void;
  readonly fold: (group: string) => void;
}

interface Options {
  readonly rows: readonly Row<AliasRow>[];
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly virtualizer: RefObject<Virtualizer<HTMLDivElement, Element> | null>;
  readonly actions: RowActions;
}

export function keyOf(row: Row<AliasRow>): string {
  return row.kind === "group" ? `group ${row.key}` : row.item.id;
}

export function useRowFocus({ rows, scroller, virtualizer, actions }: Options) {
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const wanted = useRef(false);
  const found = rows.findIndex((row) => keyOf(row) === activeKey);
  const active = found === -1 ? firstItem(rows) : found;

  const moveTo = (index: number) => {
    const at = Math.max(0, Math.min(index, rows.length - 1));
    const row = rows[at];
    if (row === undefined) return;
    wanted.current = true;
    setActiveKey(keyOf(row));
    virtualizer.current?.scrollToIndex(at);
  };
  const toParent = () => {
    for (let at = active - 1; at >= 0; at -= 1) {
      if (rows[at]?.kind === "group") {
        moveTo(at);
        return;
      }
    }
  };

  // The row exists only after the list has drawn it, so the focus follows the drawing.
  useEffect(() => {
    if (!wanted.current) return;
    const selector = `[data-index="${active}"]`;
    const element = scroller.current?.querySelector<HTMLElement>(selector);
    if (element === null || element === undefined) return;
    element.focus({ preventScroll: true });
    wanted.current = false;
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target instanceof Element) || event.target.closest("[role=columnheader]")) return;
    const row = rows[active];
    if (row === undefined) return;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => {
        moveTo(active + 1);
      },
      j: () => {
        moveTo(active + 1);
      },
      ArrowUp: () => {
        moveTo(active - 1);
      },
      k: () => {
        moveTo(active - 1);
      },
      PageDown: () => {
        moveTo(active + PAGE);
      },
      PageUp: () => {
        moveTo(active - PAGE);
      },
      Home: () => {
        moveTo(0);
      },
      End: () => {
        moveTo(rows.length - 1);
      },
      ArrowLeft: () => {
        if (row.kind === "item") toParent();
        else if (!row.folded) actions.fold(row.key);
      },
      ArrowRight: () => {
        if (row.kind === "item") actions.open(row.item);
        else if (row.folded) actions.fold(row.key);
      },
      Enter: () => {
        if (row.kind === "item") actions.open(row.item);
        else actions.fold(row.key);
      },
      t: () => {
        if (row.kind === "item") actions.tryIt(row.item);
      },
    };
    const move = moves[event.key === " " ? "Enter" : event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  };

  return {
    active,
    onKeyDown,
    /** Give a row the tab stop, as a click does. */
    setActive: (row: Row<AliasRow>) => {
      setActiveKey(keyOf(row));
    },
    focusActive: () => {
      moveTo(active);
    },
  };
}

function firstItem(rows: readonly Row<AliasRow>[]): number {
  return Math.max(
    0,
    rows.findIndex((row) => row.kind === "item"),
  );
}
