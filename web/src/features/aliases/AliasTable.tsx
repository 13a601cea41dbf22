// The list on a wide screen: a tree grid with sortable columns, grouped, drawn as far as it is seen.
import { useQuery } from "@tanstack/react-query";
import type { Virtualizer } from "@tanstack/react-virtual";
import { memo, type Ref, useCallback, useEffect, useImperativeHandle, useRef } from "react";

import { enginesQuery } from "@/api/queries.ts";
import type { AliasRow } from "@/api/types.ts";
import { useDensity } from "@/components/preferences.ts";
import type { Row } from "@/lib/rows.ts";
import { t } from "@/messages.en.ts";

import { AliasCells, GroupCells } from "./AliasCells.tsx";
import styles from "./AliasTable.module.css";
import { ColumnHeads } from "./ColumnHeads.tsx";
import type { Usage } from "./rows.ts";
import { MORE_HEIGHT, RowMore } from "./RowMore.tsx";
import type { Sort } from "@/lib/aliasSearch.ts";
import { keyOf, type RowActions, useRowFocus } from "./useRowFocus.ts";
import { useVirtualRows } from "./useVirtualRows.ts";

const COMFORTABLE = 48;
const COMPACT = 40;
const MANY = 50;
const GROUP_HEIGHT = 36;
const HEAD_HEIGHT = 34;

export interface ListHandle {
  readonly focus: () => void;
}

interface Props {
  readonly rows: readonly Row<AliasRow>[];
  readonly sort: Sort;
  readonly selected: string | null;
  /** Some rows are marked, so every row shows its mark. */
  readonly marking: boolean;
  readonly usage: Usage;
  readonly actions: RowActions;
  readonly onSort: (sort: Sort) => void;
  readonly handle: Ref<ListHandle>;
}

/** Not drawn anew by a letter of a search, only by what is found. */
export const AliasTable = memo(function AliasTable(props: Props) {
  const { rows, sort, selected, marking, usage, actions, onSort, handle } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const drawn = useRef<Virtualizer<HTMLDivElement, Element>>(null);
  const focus = useRowFocus({ rows, scroller, virtualizer: drawn, actions });
  const [density] = useDensity();
  const isCompact = density === "compact" || (density === "auto" && rows.length > MANY);
  const rowHeight = isCompact ? COMPACT : COMFORTABLE;
  const { isExpanded } = actions;
  const heightOf = useCallback(
    (index: number) => {
      const row = rows[index];
      if (row?.kind !== "item") return GROUP_HEIGHT;
      return rowHeight + (isExpanded(row.item) ? MORE_HEIGHT : 0);
    },
    [rows, rowHeight, isExpanded],
  );
  const isGroup = useCallback((index: number) => rows[index]?.kind === "group", [rows]);
  const { virtualizer, sticky } = useVirtualRows({
    count: rows.length,
    isGroup,
    heightOf,
    scroller,
    active: focus.active,
    returning: focus.returned !== null,
    groupHeight: GROUP_HEIGHT,
    headHeight: HEAD_HEIGHT,
  });
  useEffect(() => {
    drawn.current = virtualizer;
  }, [virtualizer]);
  useImperativeHandle(handle, () => ({ focus: focus.focusActive }));
  const loaded = useLoadedNames();
  const bodyHeight = virtualizer.getTotalSize();
  return (
    <div className={styles.space}>
      {/* The frame's lower line is the last row's own. */}
      <div className={styles.panel} style={{ height: HEAD_HEIGHT + bodyHeight + 1 }}>
        <div
          ref={scroller}
          className={styles.scroller}
          data-marking={marking}
          role="treegrid"
          tabIndex={-1}
          aria-label={t.list.title}
          aria-rowcount={rows.length + 1}
          onKeyDown={focus.onKeyDown}
        >
          <ColumnHeads sort={sort} onSort={onSort} />
          <div role="rowgroup" className={styles.body} style={{ height: bodyHeight }}>
            {virtualizer.getVirtualItems().map(({ index, start, size }) => {
              const row = rows[index];
              if (row === undefined) return null;
              const stuck = index === sticky;
              return (
                <TableRow
                  key={keyOf(row)}
                  row={row}
                  index={index}
                  place={stuck ? null : start - HEAD_HEIGHT}
                  height={size}
                  rowHeight={rowHeight}
                  current={index === focus.active}
                  selected={row.kind === "item" && row.item.id === selected}
                  returned={row.kind === "item" && row.item.id === focus.returned}
                  loaded={row.kind === "item" && loaded.has(row.item.name)}
                  usage={usage}
                  actions={actions}
                  onTouch={focus.setActive}
                />
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
});

interface RowProps {
  readonly row: Row<AliasRow>;
  readonly index: number;
  /** Pixels from the top of the body; null for the group header that stays in view. */
  readonly place: number | null;
  readonly height: number;
  /** Without what it shows below itself. */
  readonly rowHeight: number;
  readonly current: boolean;
  readonly selected: boolean;
  /** Somebody comes back from its alias. */
  readonly returned: boolean;
  readonly loaded: boolean;
  readonly usage: Usage;
  readonly actions: RowActions;
  readonly onTouch: (row: Row<AliasRow>) => void;
}

function TableRow(props: RowProps) {
  const { row, index, place, height, rowHeight, current, selected } = props;
  const { returned, loaded, usage, actions, onTouch } = props;
  const expanded = row.kind === "item" && actions.isExpanded(row.item);
  const tree =
    row.kind === "group"
      ? { "aria-level": 1, "aria-expanded": !row.folded }
      : { "aria-level": 2, "aria-expanded": expanded, "aria-selected": selected };
  const act = () => {
    onTouch(row);
    if (row.kind === "group") actions.fold(row.key);
    else actions.open(row.item);
  };
  return (
    // Keys are handled by the grid, for whichever row has the tab stop.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-label={row.kind === "group" ? `${row.key}, ${row.count}` : labelOf(row.item)}
      {...tree}
      data-index={index}
      data-kind={row.kind}
      data-stuck={place === null}
      data-returned={returned}
      tabIndex={current ? 0 : -1}
      className={styles.row}
      style={{ height, ...(place === null ? {} : { transform: `translateY(${place}px)` }) }}
      onClick={act}
      onFocus={() => {
        onTouch(row);
      }}
    >
      {row.kind === "group" ? (
        <GroupCells row={row} usage={usage} actions={actions} />
      ) : (
        <>
          <div className={styles.cells} role="presentation" style={{ height: rowHeight }}>
            <AliasCells
              row={row.item}
              loaded={loaded}
              usage={usage.get(row.item.id)}
              current={current}
              actions={actions}
            />
          </div>
          {expanded ? (
            <RowMore row={row.item} usage={usage.get(row.item.id)} actions={actions} />
          ) : null}
        </>
      )}
    </div>
  );
}

export function labelOf(row: AliasRow): string {
  return `${row.name}, ${row.source === "user" ? t.kinds.userLong : t.kinds.modelLong}`;
}

/** Names whose engine holds its model in memory now. */
export function useLoadedNames(): ReadonlySet<string> {
  const { data } = useQuery(enginesQuery);
  const ready = data?.filter((engine) => engine.state === "ready") ?? [];
  return new Set(ready.flatMap((engine) => engine.aliases));
}
