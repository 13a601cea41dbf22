// One row of the list has the tab stop; keys move it (roving tabindex).
import type { Virtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";

import type { AliasRow } from "@/api/types.ts";
import type { AliasCommands } from "@/components/alias/useAliasCommands.tsx";
import { actsAlone } from "@/lib/keys.ts";
import type { GroupRow, Row } from "@/lib/rows.ts";

const PAGE = 10;

// Whose row was the current one when the list was left: back means back at it.
let leftOn: string | null = null;

/** What can be done to a row, beside what can be done to its alias. */
export interface RowActions extends AliasCommands {
  readonly open: (row: AliasRow) => void;
  readonly fold: (group: string) => void;
  /** Fold every group, or unfold every one. */
  readonly foldAll: (folded: boolean) => void;
  /** Show more of the row below it, or no longer. */
  readonly expand: (row: AliasRow) => void;
  readonly isExpanded: (row: AliasRow) => boolean;
  /** Mark for what is done to several; with `range`, all from the one marked last. */
  readonly mark: (row: AliasRow, range: boolean) => void;
  readonly isMarked: (row: AliasRow) => boolean;
  /** Mark all of these; where all are marked already, unmark them. */
  readonly markAll: (rows: readonly AliasRow[]) => void;
  /** Change one value in the alias's draft, beside `opener`; null for the first that is set. */
  readonly tune: (row: AliasRow, key: string | null, opener: HTMLElement) => void;
}

interface Options {
  readonly rows: readonly Row<AliasRow>[];
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly virtualizer: RefObject<Virtualizer<HTMLDivElement, Element> | null>;
  readonly actions: RowActions;
}

export function keyOf(row: Row<AliasRow>): string {
  return row.kind === "group" ? `group ${row.key}` : `${row.group ?? ""} ${row.item.id}`;
}

export function useRowFocus({ rows, scroller, virtualizer, actions }: Options) {
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const wanted = useRef(false);
  const held = useRef<HTMLElement | null>(null);
  const [returned, setReturned] = useState(leftOn);
  const found = rows.findIndex((row) =>
    activeKey === null ? isOf(row, returned) : keyOf(row) === activeKey,
  );
  const active = found === -1 ? firstItem(rows) : found;

  const become = (row: Row<AliasRow>) => {
    leftOn = row.kind === "item" ? row.item.id : null;
    if (leftOn !== returned) setReturned(null);
    setActiveKey(keyOf(row));
  };
  const focusDrawn = () => {
    if (!wanted.current) return;
    const selector = `[data-index="${active}"]`;
    const element = scroller.current?.querySelector<HTMLElement>(selector);
    if (element === null || element === undefined) return;
    element.focus({ preventScroll: true });
    held.current = element;
    wanted.current = false;
  };
  const moveTo = (index: number) => {
    const at = Math.max(0, Math.min(index, rows.length - 1));
    const row = rows[at];
    if (row === undefined) return;
    wanted.current = true;
    become(row);
    virtualizer.current?.scrollToIndex(at);
    // The row that has the tab stop already is drawn, and nothing would be drawn anew.
    if (at === active && activeKey !== null) focusDrawn();
  };
  const itemKeys = (row: AliasRow, leave: () => void): Keys => ({
    // → shows more below the row, → again everything beside the list; ← the way back.
    ArrowRight: () => {
      if (actions.isExpanded(row)) actions.open(row);
      else actions.expand(row);
    },
    ArrowLeft: () => {
      if (actions.isExpanded(row)) actions.expand(row);
      else leave();
    },
    Enter: () => {
      actions.open(row);
    },
    t: () => {
      actions.tryIt(row);
    },
    e: () => {
      actions.edit(row);
    },
    c: () => {
      actions.clone(row);
    },
    v: () => {
      const opener = document.activeElement;
      if (opener instanceof HTMLElement) actions.tune(row, null, opener);
    },
    x: () => {
      actions.mark(row, false);
    },
    Delete: () => {
      if (row.source === "user") actions.remove(row);
    },
  });
  const toParent = () => {
    for (let at = active - 1; at >= 0; at -= 1) {
      if (rows[at]?.kind === "group") {
        moveTo(at);
        return;
      }
    }
  };

  // The row exists only after the list has drawn it, so the focus follows the drawing; so it does
  // where the row that had it was filtered away.
  useEffect(() => {
    const isLost = held.current?.isConnected === false && document.activeElement === document.body;
    if (isLost) wanted.current = true;
    focusDrawn();
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !actsAlone(event.key)) return;
    if (!(event.target instanceof Element) || event.target.closest("[role=columnheader]")) return;
    // A button in a row keeps the keys that press it.
    const isPress = event.key === "Enter" || event.key === " ";
    if (isPress && event.target.closest("button, a, input") !== null) return;
    const row = rows[active];
    if (row === undefined) return;
    const moves = row.kind === "group" ? groupKeys(row, actions) : itemKeys(row.item, toParent);
    const walk: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      j: active + 1,
      ArrowUp: active - 1,
      k: active - 1,
      PageDown: active + PAGE,
      PageUp: active - PAGE,
      Home: 0,
      End: rows.length - 1,
    };
    const target = walk[event.key];
    if (target !== undefined) {
      event.preventDefault();
      moveTo(target);
      return;
    }
    const move = moves[event.key === " " ? "Enter" : event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  };

  return {
    active,
    onKeyDown,
    /** Give a row the tab stop, as a click does. */
    setActive: become,
    /** The alias that somebody comes back from; null once another row is the current one. */
    returned,
    focusActive: () => {
      moveTo(active);
    },
  };
}

type Keys = Readonly<Record<string, () => void>>;

function groupKeys(row: GroupRow<AliasRow>, actions: RowActions): Keys {
  const fold = () => {
    actions.fold(row.key);
  };
  return {
    ArrowLeft: () => {
      if (!row.folded) fold();
    },
    ArrowRight: () => {
      if (row.folded) fold();
    },
    Enter: fold,
    x: () => {
      actions.markAll(row.items);
    },
  };
}

function isOf(row: Row<AliasRow>, id: string | null): boolean {
  return row.kind === "item" && row.item.id === id;
}

function firstItem(rows: readonly Row<AliasRow>[]): number {
  return Math.max(
    0,
    rows.findIndex((row) => row.kind === "item"),
  );
}
