// Which rows a request by their name reaches. Where a name is chosen, each of them stands once.
import type { AliasRow, Finding } from "./types.ts";

/** Why no request reaches a user alias: a model has its name and wins. The model is told of it, too. */
export function shadowOf(row: AliasRow): Finding | undefined {
  if (row.source === "model") return undefined;
  return row.findings.find(({ code }) => code === "shadowed");
}

/** What there is to say of a row itself: that a model shadows an alias is said of the alias. */
export function ownFindings(row: AliasRow): readonly Finding[] {
  if (row.source === "user") return row.findings;
  return row.findings.filter(({ code }) => code !== "shadowed");
}

/** Those that answer under their own name. */
export function reached(rows: readonly AliasRow[]): readonly AliasRow[] {
  return rows.filter((row) => row.state !== "error" && shadowOf(row) === undefined);
}

/** The row that a name means, also of one that cannot serve. */
export function rowNamed(rows: readonly AliasRow[], name: string | null): AliasRow | undefined {
  return rows.find((row) => row.name === name && shadowOf(row) === undefined);
}
