// What the list's address holds: search, kind, grouping, sort, and the alias that is looked at. Pure.

import { formatSort, parseSort, type SortTerm } from "./rows.ts";

export const COLUMNS = [
  "name",
  "source",
  "repo",
  "filename",
  "quantization",
  "size",
  "modified",
  "used",
] as const;
export type Column = (typeof COLUMNS)[number];

export const GROUPINGS = ["family", "source", "state", "repo", "template", "tag", "none"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const SOURCES = ["all", "user", "model"] as const;
export type SourceChoice = (typeof SOURCES)[number];

export const VIEWS = ["table", "cards"] as const;
export type View = (typeof VIEWS)[number];

/** Defaults are left out, so that the plain address is the plain list. */
export interface AliasSearch {
  readonly q?: string;
  readonly source?: Exclude<SourceChoice, "all">;
  readonly group?: Exclude<Grouping, "family">;
  readonly view?: Exclude<View, "table">;
  readonly sort?: string;
  readonly sel?: string;
}

/** From an address that anybody may have typed. */
export function readAliasSearch(raw: Readonly<Record<string, unknown>>): AliasSearch {
  const q = text(raw.q);
  const sel = text(raw.sel);
  const sort = formatSort(parseSort(text(raw.sort), COLUMNS));
  const group = GROUPINGS.find((one) => one === raw.group) ?? "family";
  const source = SOURCES.find((one) => one === raw.source) ?? "all";
  const view = VIEWS.find((one) => one === raw.view) ?? "table";
  return {
    ...(view === "table" ? {} : { view }),
    ...(q === "" ? {} : { q }),
    ...(source === "all" ? {} : { source }),
    ...(group === "family" ? {} : { group }),
    ...(sort === "" ? {} : { sort }),
    ...(sel === "" ? {} : { sel }),
  };
}

/** Numbers come as numbers out of an address; here everything is text. */
function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export type Sort = readonly SortTerm<Column>[];

export function sortOf(search: AliasSearch): Sort {
  return parseSort(search.sort ?? "", COLUMNS);
}
