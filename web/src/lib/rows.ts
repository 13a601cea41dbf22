// From a list of things to the rows of a grouped, sorted, folding list. Pure.

export interface GroupRow<T> {
  readonly kind: "group";
  readonly key: string;
  readonly count: number;
  readonly folded: boolean;
  /** What stands under it, folded or not. */
  readonly items: readonly T[];
}

export interface ItemRow<T> {
  readonly kind: "item";
  readonly item: T;
  /** The group that it stands under; an item may stand under several. */
  readonly group: string | null;
}

export type Row<T> = GroupRow<T> | ItemRow<T>;

export interface SortTerm<C extends string> {
  readonly column: C;
  readonly descending: boolean;
}

export type Comparison<T> = (a: T, b: T) => number;

/** Group headers in the order of their names, each followed by its items unless it is folded. */
export function groupedRows<T>(
  sorted: readonly T[],
  groupsOf: ((item: T) => readonly string[]) | null,
  folded: ReadonlySet<string>,
): Row<T>[] {
  if (groupsOf === null) return sorted.map((item) => ({ kind: "item", item, group: null }));
  const groups = new Map<string, T[]>();
  for (const item of sorted) {
    for (const key of groupsOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  const keys = [...groups.keys()].sort(byText);
  return keys.flatMap((key) => {
    const items = groups.get(key) ?? [];
    const isFolded = folded.has(key);
    const header: Row<T> = { kind: "group", key, count: items.length, folded: isFolded, items };
    const rows = items.map((item): Row<T> => ({ kind: "item", item, group: key }));
    return isFolded ? [header] : [header, ...rows];
  });
}

/** Sorted by several columns; what is equal in all of them keeps its order. */
export function sortedBy<T, C extends string>(
  items: readonly T[],
  terms: readonly SortTerm<C>[],
  comparisons: Readonly<Record<C, Comparison<T>>>,
): readonly T[] {
  if (terms.length === 0) return items;
  return [...items].sort((a, b) => {
    for (const { column, descending } of terms) {
      const order = comparisons[column](a, b);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
}

/** `name,-size` in an address: the sort terms, without those that name no column. */
export function parseSort<C extends string>(
  text: string,
  columns: readonly C[],
): readonly SortTerm<C>[] {
  return text.split(",").flatMap((part) => {
    const descending = part.startsWith("-");
    const name = descending ? part.slice(1) : part;
    const column = columns.find((one) => one === name);
    return column === undefined ? [] : [{ column, descending }];
  });
}

/** The address form of sort terms. */
export function formatSort<C extends string>(terms: readonly SortTerm<C>[]): string {
  return terms.map(({ column, descending }) => (descending ? `-${column}` : column)).join(",");
}

/** What a click on a column header does: up, down, off; `keep` leaves the other columns. */
export function nextSort<C extends string>(
  terms: readonly SortTerm<C>[],
  column: C,
  keep: boolean,
): readonly SortTerm<C>[] {
  const current = terms.find((term) => term.column === column);
  const others = keep ? terms.filter((term) => term.column !== column) : [];
  if (current === undefined) return [...others, { column, descending: false }];
  return current.descending ? others : [...others, { column, descending: true }];
}

// One collator for all comparisons: localeCompare would make one a call, 30 times slower. It is made
// when it is needed, because that takes a phone a twentieth of a second.
let collator: Intl.Collator | undefined;

export const byText: Comparison<string> = (a, b) => {
  collator ??= new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  return collator.compare(a, b);
};

/** So that the first comparison does not wait. */
export function prepareToCompare(): void {
  byText("", "");
}

/** Numbers upwards; what is unknown comes last. */
export function byNumber(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a - b;
}
