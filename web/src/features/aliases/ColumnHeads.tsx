// The heads of the columns: each sorts, with Shift beside the others.
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";

import { nextSort } from "@/lib/rows.ts";
import { t } from "@/messages.en.ts";

import styles from "./AliasTable.module.css";
import type { Column, Sort } from "@/lib/aliasSearch.ts";

interface Props {
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

const BEFORE_SETS: readonly Column[] = [
  "name",
  "source",
  "repo",
  "filename",
  "quantization",
  "size",
];

export function ColumnHeads({ sort, onSort }: Props) {
  const head = (column: Column) => (
    <Head key={column} column={column} sort={sort} onSort={onSort} />
  );
  return (
    <div role="rowgroup" className={styles.heads}>
      <div role="row" aria-rowindex={1} className={styles.headRow}>
        <div role="columnheader" data-column="mark" aria-label={t.list.marks} />
        {BEFORE_SETS.map(head)}
        <div role="columnheader" data-column="set">
          {t.list.columns.set}
        </div>
        {head("modified")}
        {head("used")}
        <div role="columnheader" data-column="actions" aria-label={t.detail.tryIt} />
      </div>
    </div>
  );
}

function Head({ column, sort, onSort }: Props & { readonly column: Column }) {
  const term = sort.find((one) => one.column === column);
  const direction = term === undefined ? "none" : term.descending ? "descending" : "ascending";
  const place = sort.length > 1 && term !== undefined ? sort.indexOf(term) + 1 : null;
  return (
    <div role="columnheader" aria-sort={direction} data-column={column}>
      <button
        type="button"
        title={t.list.sortTip}
        onClick={(event) => {
          onSort(nextSort(sort, column, event.shiftKey));
        }}
      >
        {t.list.columns[column]}
        {direction === "ascending" ? <IconArrowUp size={13} aria-hidden /> : null}
        {direction === "descending" ? <IconArrowDown size={13} aria-hidden /> : null}
        {place === null ? null : <sup>{place}</sup>}
      </button>
    </div>
  );
}
