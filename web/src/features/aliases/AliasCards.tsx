// The list on a phone: cards under folding groups, drawn as far as they are seen.
import { ActionIcon } from "@mantine/core";
import { IconChevronRight, IconPlayerPlay } from "@tabler/icons-react";
import type { Virtualizer } from "@tanstack/react-virtual";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";

import type { AliasRow } from "@/api/types.ts";
import { AliasMenu } from "@/components/alias/AliasMenu.tsx";
import { Clip, endOfName } from "@/components/Clip.tsx";
import { MemoryBadge, SourceIcon, StateBadge } from "@/components/Marks.tsx";
import type { GroupRow, Row } from "@/lib/rows.ts";
import { t } from "@/messages.en.ts";

import styles from "./AliasCards.module.css";
import { labelOf, type ListHandle, useLoadedNames } from "./AliasTable.tsx";
import { keyOf, type RowActions, useRowFocus } from "./useRowFocus.ts";
import { useVirtualRows } from "./useVirtualRows.ts";

const CARD_HEIGHT = 76;
const GROUP_HEIGHT = 44;

interface Props {
  readonly rows: readonly Row<AliasRow>[];
  readonly actions: RowActions;
  readonly handle: Ref<ListHandle>;
}

export function AliasCards({ rows, actions, handle }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const drawn = useRef<Virtualizer<HTMLDivElement, Element>>(null);
  const focus = useRowFocus({ rows, scroller, virtualizer: drawn, actions });
  const { virtualizer, sticky } = useVirtualRows({
    rows,
    scroller,
    active: -1,
    rowHeight: CARD_HEIGHT,
    groupHeight: GROUP_HEIGHT,
    headHeight: 0,
  });
  useEffect(() => {
    drawn.current = virtualizer;
  }, [virtualizer]);
  useImperativeHandle(handle, () => ({ focus: focus.focusActive }));
  const loaded = useLoadedNames();
  return (
    <div ref={scroller} className={styles.scroller}>
      <div
        role="list"
        aria-label={t.list.title}
        className={styles.body}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map(({ index, start, size }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const stuck = index === sticky;
          return (
            <div
              key={keyOf(row)}
              role="listitem"
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              className={styles.item}
              data-stuck={stuck}
              style={{ height: size, ...(stuck ? {} : { transform: `translateY(${start}px)` }) }}
            >
              {row.kind === "group" ? (
                <GroupHead row={row} index={index} onFold={actions.fold} />
              ) : (
                <Card
                  row={row.item}
                  index={index}
                  loaded={loaded.has(row.item.name)}
                  actions={actions}
                />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function GroupHead(props: {
  readonly row: GroupRow;
  readonly index: number;
  readonly onFold: (group: string) => void;
}) {
  const { row, index, onFold } = props;
  return (
    <button
      type="button"
      className={styles.group}
      data-index={index}
      aria-expanded={!row.folded}
      onClick={() => {
        onFold(row.key);
      }}
    >
      <IconChevronRight size={16} aria-hidden data-folded={row.folded} />
      <span>{row.key}</span>
      <span className={styles.count}>{row.count.toLocaleString("en")}</span>
    </button>
  );
}

function Card(props: {
  readonly row: AliasRow;
  readonly index: number;
  readonly loaded: boolean;
  readonly actions: RowActions;
}) {
  const { row, index, loaded, actions } = props;
  const file = [row.repo, row.quantization].filter((one) => one !== null).join(t.separator);
  return (
    <div className={styles.card}>
      <button
        type="button"
        className={styles.open}
        data-index={index}
        onClick={() => {
          actions.open(row);
        }}
      >
        <SourceIcon source={row.source} />
        <span className={styles.texts}>
          <span className={styles.name}>
            <Clip text={row.name} keep={endOfName(row.name)} spoken={labelOf(row)} />
          </span>
          <span className={styles.file}>
            <Clip text={file} keep={(row.quantization?.length ?? 0) + t.separator.length} />
          </span>
        </span>
        {row.state === "published" ? null : <StateBadge state={row.state} />}
        {loaded ? <MemoryBadge /> : null}
      </button>
      <AliasMenu row={row} commands={actions} size={44} />
      <ActionIcon
        size={44}
        aria-label={t.list.tryAlias(row.name)}
        disabled={row.state === "error"}
        onClick={() => {
          actions.tryIt(row);
        }}
      >
        <IconPlayerPlay size={18} stroke={1.7} />
      </ActionIcon>
    </div>
  );
}
