// From the server's list and the address to the rows that are shown. Pure.

import type { AliasRow } from "@/api/types.ts";
import { type Filter, parseFilter, type Searchable } from "@/lib/filter.ts";
import { byNumber, byText, type Comparison, groupedRows, type Row, sortedBy } from "@/lib/rows.ts";
import { t } from "@/messages.en.ts";

import type { Column, Grouping, Sort, SourceChoice } from "./search.ts";

export const FIELDS = ["name", "repo", "file", "family", "source", "state", "quant", "template"];

const COMPARISONS: Readonly<Record<Column, Comparison<AliasRow>>> = {
  name: (a, b) => byText(a.name, b.name),
  source: (a, b) => byText(b.source, a.source),
  repo: (a, b) => byText(a.repo ?? "", b.repo ?? ""),
  filename: (a, b) => byText(a.filename ?? "", b.filename ?? ""),
  quantization: (a, b) => byText(a.quantization ?? "", b.quantization ?? ""),
  size: (a, b) => byNumber(a.size_bytes, b.size_bytes),
  modified: (a, b) => byNumber(a.modified_at, b.modified_at),
};

const GROUP_NAMES: Readonly<Record<Grouping, ((row: AliasRow) => string) | null>> = {
  family: (row) => row.family ?? t.list.noFamily,
  source: (row) => t.kinds[row.source],
  repo: (row) => row.repo ?? t.list.noRepo,
  none: null,
};

export interface Wanted {
  readonly filter: Filter;
  readonly source: SourceChoice;
  readonly sort: Sort;
}

/** The aliases that fit, sorted. */
export function fitting(aliases: readonly AliasRow[], wanted: Wanted): readonly AliasRow[] {
  const { filter, source, sort } = wanted;
  const found = aliases.filter(
    (row) => (source === "all" || row.source === source) && filter.matches(searchable(row)),
  );
  return sortedBy(found, sort, COMPARISONS);
}

export function rowsOf(
  aliases: readonly AliasRow[],
  group: Grouping,
  folded: ReadonlySet<string>,
): readonly Row<AliasRow>[] {
  return groupedRows(aliases, GROUP_NAMES[group], folded);
}

export function groupNames(aliases: readonly AliasRow[], group: Grouping): ReadonlySet<string> {
  const nameOf = GROUP_NAMES[group];
  return new Set(nameOf === null ? [] : aliases.map(nameOf));
}

export function filterOf(typed: string): Filter {
  return parseFilter(typed, FIELDS);
}

// Made once for each row that the server sent; a new list brings new rows.
const known = new WeakMap<AliasRow, Searchable>();

function searchable(row: AliasRow): Searchable {
  const before = known.get(row);
  if (before !== undefined) return before;
  const fields = {
    name: row.name,
    repo: row.repo ?? "",
    file: row.filename ?? "",
    family: row.family ?? "",
    source: row.source,
    state: row.state,
    quant: row.quantization ?? "",
    template: row.chat_template?.name ?? row.chat_template?.origin ?? "",
  };
  const words = [fields.name, fields.repo, fields.file, fields.family, fields.quant];
  const fresh = {
    text: words.join(" ").toLowerCase(),
    fields,
    parameters: new Map(row.set.map(({ key, value }) => [key, value])),
  };
  known.set(row, fresh);
  return fresh;
}
