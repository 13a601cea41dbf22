// The list as cards under folding groups, drawn as far as they are seen: one beside the other on a
// desk, small ones below each other on a phone.
import { useElementSize } from "@mantine/hooks";
import { IconChevronRight } from "@tabler/icons-react";
import type { Virtualizer } from "@tanstack/react-virtual";
import {
  memo,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
} from "react";

import type { AliasRow } from "@/api/types.ts";
import type { GroupRow, Row } from "@/lib/rows.ts";
import { count, t } from "@/messages.en.ts";

import styles from "./AliasCards.module.css";
import { type ListHandle, useLoadedNames } from "./AliasTable.tsx";
import { type CardProps, DeskCard } from "./DeskCard.tsx";
import { GroupActivity, GroupMenu } from "./GroupParts.tsx";
import { type Line, linesOf } from "./lines.ts";
import { PhoneCard } from "./PhoneCard.tsx";
import type { Usage } from "./rows.ts";
import { keyOf, type RowActions, useRowFocus } from "./useRowFocus.ts";
import { useVirtualRows } from "./useVirtualRows.ts";

const PHONE_CARD = 76;
/** A phone's card with a line of values, each as large as a finger. */
const PHONE_CARD_SET = 108;
const DESK_CARD = 184;
/** Below the last cards of a group, as beside each of them. */
const GROUP_END = 12;
const GROUP_HEIGHT = 44;
const LEAST_WIDTH = 330;

interface Props {
  readonly rows: readonly Row<AliasRow>[];
  readonly phone: boolean;
  readonly usage: Usage;
  readonly actions: RowActions;
  readonly handle: Ref<ListHandle>;
}

export const AliasCards = memo(function AliasCards({ rows, phone, usage, actions, handle }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const drawn = useRef<Virtualizer<HTMLDivElement, Element>>(null);
  const { ref: body, width } = useElementSize();
  const columns = phone ? 1 : Math.max(1, Math.floor(width / LEAST_WIDTH));
  const lines = useMemo(() => linesOf(rows, columns), [rows, columns]);
  const endsGroup = useCallback(
    (at: number) => !phone && lines[at]?.kind === "cards" && lines[at + 1]?.kind !== "cards",
    [lines, phone],
  );
  const heightOf = useCallback(
    (at: number) => heightOfLine(lines[at], phone) + (endsGroup(at) ? GROUP_END : 0),
    [lines, phone, endsGroup],
  );
  const isGroup = useCallback((at: number) => lines[at]?.kind === "group", [lines]);
  // A card has nothing to unfold: → and Enter both lead to its details.
  const keys = useMemo(() => ({ ...actions, expand: actions.open }), [actions]);
  const focus = useRowFocus({ rows, scroller, virtualizer: drawn, actions: keys });
  const { virtualizer, sticky } = useVirtualRows({
    count: lines.length,
    isGroup,
    heightOf,
    scroller,
    active: -1,
    groupHeight: GROUP_HEIGHT,
    headHeight: 0,
  });
  useEffect(() => {
    drawn.current = virtualizer;
  }, [virtualizer]);
  useImperativeHandle(handle, () => ({
    focus: () => scroller.current?.querySelector<HTMLElement>("[data-card]")?.focus(),
  }));
  const loaded = useLoadedNames();
  const shared = { usage, loaded, phone, actions, columns };
  return (
    <div ref={scroller} className={styles.scroller} data-phone={phone}>
      {/* Keys are handled here for whichever card has the focus. */}
      <div
        role="list"
        aria-label={t.list.title}
        className={styles.body}
        style={{ height: virtualizer.getTotalSize() }}
        ref={body}
        onKeyDown={phone ? undefined : focus.onKeyDown}
      >
        {virtualizer.getVirtualItems().map(({ index, start, size }) => {
          const line = lines[index];
          if (line === undefined) return null;
          const stuck = index === sticky;
          return (
            <div
              key={keyOfLine(line)}
              role={line.kind === "group" || columns === 1 ? "listitem" : "presentation"}
              className={styles.item}
              data-stuck={stuck}
              data-end={endsGroup(index)}
              style={{ height: size, ...(stuck ? {} : { transform: `translateY(${start}px)` }) }}
            >
              <DrawnLine line={line} onTouch={focus.setActive} {...shared} />
            </div>
          );
        })}
      </div>
    </div>
  );
});

interface LineProps {
  readonly line: Line;
  readonly usage: Usage;
  readonly loaded: ReadonlySet<string>;
  readonly phone: boolean;
  readonly columns: number;
  readonly actions: RowActions;
  readonly onTouch: (row: Row<AliasRow>) => void;
}

function DrawnLine({ line, usage, loaded, phone, columns, actions, onTouch }: LineProps) {
  if (line.kind === "group") return <GroupHead line={line} usage={usage} actions={actions} />;
  const cards = line.cards.map(({ row, index }) => {
    const props: CardProps = {
      row: row.item,
      index,
      loaded: loaded.has(row.item.name),
      usage: usage.get(row.item.id),
      actions,
      onFocus: () => {
        onTouch(row);
      },
    };
    const key = keyOf(row);
    if (phone) return <PhoneCard key={key} {...props} />;
    return columns === 1 ? (
      <DeskCard key={key} {...props} />
    ) : (
      <div key={key} role="listitem" className={styles.cell}>
        <DeskCard {...props} />
      </div>
    );
  });
  return phone ? (
    cards
  ) : (
    <div
      role="presentation"
      className={styles.line}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {cards}
    </div>
  );
}

interface HeadProps {
  readonly line: { readonly row: GroupRow<AliasRow>; readonly index: number };
  readonly usage: Usage;
  readonly actions: RowActions;
}

function GroupHead({ line: { row, index }, usage, actions }: HeadProps) {
  return (
    <div className={styles.groupLine}>
      <button
        type="button"
        className={styles.group}
        data-index={index}
        aria-expanded={!row.folded}
        onClick={() => {
          actions.fold(row.key);
        }}
      >
        <IconChevronRight size={16} aria-hidden data-folded={row.folded} />
        <span>{row.key}</span>
        <span className={styles.count}>{count(row.count)}</span>
        <GroupActivity row={row} usage={usage} />
      </button>
      <GroupMenu row={row} actions={actions} size={44} />
    </div>
  );
}

function heightOfLine(line: Line | undefined, phone: boolean): number {
  if (line?.kind !== "cards") return GROUP_HEIGHT;
  if (!phone) return DESK_CARD;
  return line.cards.some(({ row }) => row.item.set.length > 0) ? PHONE_CARD_SET : PHONE_CARD;
}

function keyOfLine(line: Line): string {
  const [first] = line.kind === "cards" ? line.cards : [];
  return line.kind === "group" ? keyOf(line.row) : first === undefined ? "" : keyOf(first.row);
}
