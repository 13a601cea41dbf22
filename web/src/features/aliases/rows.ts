// From the server's list and the address to the rows that are shown. Pure.

import type { AliasRow, AliasUsage } from "@/api/types.ts";
import { type Filter, type Lately, parseFilter, type Searchable } from "@/lib/filter.ts";
import { byNumber, byText, type Comparison, groupedRows, type Row, sortedBy } from "@/lib/rows.ts";
import { t } from "@/messages.en.ts";

import type { Column, Grouping, Sort, SourceChoice } from "@/lib/aliasSearch.ts";

export const FIELDS = [
  "name",
  "repo",
  "file",
  "family",
  "source",
  "state",
  "quant",
  "template",
  "tag",
  "error",
];

// Fields with few values; names and files are words that one types.
const COMPLETED = ["family", "source", "state", "quant", "template", "tag", "repo", "error"];

const comparisons = (usage: Usage): Readonly<Record<Column, Comparison<AliasRow>>> => ({
  used: (a, b) => byNumber(usedOf(usage.get(a.id)), usedOf(usage.get(b.id))),
  name: (a, b) => byText(a.name, b.name),
  source: (a, b) => byText(b.source, a.source),
  repo: (a, b) => byText(a.repo ?? "", b.repo ?? ""),
  filename: (a, b) => byText(a.filename ?? "", b.filename ?? ""),
  quantization: (a, b) => byText(a.quantization ?? "", b.quantization ?? ""),
  size: (a, b) => byNumber(a.size_bytes, b.size_bytes),
  modified: (a, b) => byNumber(a.modified_at, b.modified_at),
});

function usedOf(usage: AliasUsage | undefined): number | null {
  return usage?.last_used ?? null;
}

const GROUP_NAMES: Readonly<Record<Grouping, ((row: AliasRow) => readonly string[]) | null>> = {
  family: (row) => [row.family ?? t.list.noFamily],
  source: (row) => [t.kinds[row.source]],
  state: (row) => [t.states[row.state]],
  repo: (row) => [row.repo ?? t.list.noRepo],
  template: (row) => [templateName(row) ?? t.list.noTemplate],
  tag: (row) => (row.tags.length === 0 ? [t.list.noTag] : row.tags),
  none: null,
};

export interface Wanted {
  readonly filter: Filter;
  readonly source: SourceChoice;
  /** The last day's, by id. */
  readonly usage: Usage;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** In the wanted order. Whoever types waits for what fits alone, not for the order of all. */
export function inOrder(aliases: readonly AliasRow[], sort: Sort, usage: Usage) {
  return sortedBy(aliases, sort, comparisons(usage));
}

/** The aliases that fit, in their order. */
export function fitting(aliases: readonly AliasRow[], wanted: Wanted): readonly AliasRow[] {
  const { filter, source, usage, now } = wanted;
  return aliases.filter(
    (row) =>
      (source === "all" || row.source === source) &&
      filter.matches(searchable(row), () => latelyOf(row, usage.get(row.id), now)),
  );
}

export type Usage = ReadonlyMap<string, AliasUsage>;

export function rowsOf(
  aliases: readonly AliasRow[],
  group: Grouping,
  folded: ReadonlySet<string>,
): readonly Row<AliasRow>[] {
  return groupedRows(aliases, GROUP_NAMES[group], folded);
}

export function groupNames(aliases: readonly AliasRow[], group: Grouping): ReadonlySet<string> {
  const nameOf = GROUP_NAMES[group];
  return new Set(nameOf === null ? [] : aliases.flatMap(nameOf));
}

export function filterOf(typed: string): Filter {
  return parseFilter(typed, FIELDS);
}

/** Which values each field has, and how many aliases have each. */
export function fieldsOf(
  aliases: readonly AliasRow[],
): Readonly<Record<string, ReadonlyMap<string, number>>> {
  const fields: Record<string, Map<string, number>> = {};
  for (const name of COMPLETED) fields[name] = new Map();
  for (const row of aliases) {
    const values = searchable(row).fields;
    for (const name of COMPLETED) {
      const some = name === "tag" ? row.tags : [values[name] ?? ""];
      const counts = fields[name];
      for (const one of some) if (one !== "") counts?.set(one, (counts.get(one) ?? 0) + 1);
    }
  }
  return fields;
}

function templateName({ chat_template: template }: AliasRow): string | null {
  return template === null ? null : (template.name ?? t.detail.templates[template.origin]);
}

// Made once for each row that the server sent; a new list brings new rows.
const known = new WeakMap<AliasRow, Searchable>();

function latelyOf(row: AliasRow, usage: AliasUsage | undefined, now: number): Lately {
  const used = usedOf(usage);
  const flags = new Set<string>();
  if (row.pinned) flags.add("pinned");
  if (used !== null && now - used < DAY_S) flags.add("active");
  if (usage !== undefined && usage.in_flight > 0) flags.add("active-now");
  return {
    flags,
    ages: { used: used === null ? null : now - used, modified: now - row.modified_at },
  };
}

const DAY_S = 86_400;

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
    template: templateName(row) ?? "",
    tag: row.tags.join(" "),
    error: row.error?.code ?? "",
  };
  const { name, repo, file, family, quant, tag } = fields;
  const words = [name, repo, file, family, quant, tag, row.description ?? ""];
  const fresh = {
    text: words.join(" ").toLowerCase(),
    fields,
    parameters: new Map(row.set.map(({ key, value }) => [key, value])),
    numbers: { size: row.size_bytes, version: row.version },
  };
  known.set(row, fresh);
  return fresh;
}
