// Which templates there are, from what the server lists and what aliases name; who uses each. Pure.

import type { AliasRow } from "@/api/types.ts";

import type { TemplateItem } from "./store.ts";

export const GROUPS = ["file", "builtin", "embedded", "repository"] as const;
export type Group = (typeof GROUPS)[number];

const FILE = "file:";

export interface Listed {
  /** What an alias says, or the model whose file holds it. */
  readonly name: string;
  readonly label: string;
  readonly group: Group;
  readonly item: TemplateItem | null;
  readonly users: readonly AliasRow[];
}

/** Repositories' templates are listed where an alias uses them. */
export function listedTemplates(
  items: readonly TemplateItem[],
  rows: readonly AliasRow[],
): readonly Listed[] {
  const known = items.map((item): Listed => {
    const group = GROUPS.find((one) => one === item.origin) ?? "embedded";
    const label = item.name.startsWith(FILE) ? item.name.slice(FILE.length) : item.name;
    return { name: item.name, label, group, item, users: usersOf(item, rows) };
  });
  const repositories = Map.groupBy(
    rows.filter((row) => row.chat_template?.origin === "repository"),
    (row) => row.chat_template?.name ?? "",
  );
  return [
    ...known,
    ...[...repositories].map(([name, users]): Listed => ({
      name,
      label: name,
      group: "repository",
      item: null,
      users,
    })),
  ];
}

function usersOf(item: TemplateItem, rows: readonly AliasRow[]): readonly AliasRow[] {
  if (item.origin === "embedded") {
    const model = rows.find((row) => row.source === "model" && row.name === item.name);
    return rows.filter(
      (row) =>
        row.source === "user" &&
        row.chat_template?.origin === "embedded" &&
        row.repo === model?.repo &&
        row.filename === model.filename,
    );
  }
  const names = [item.name, item.name.replace(FILE, "")];
  return rows.filter(
    ({ chat_template: used }) =>
      used !== null && used.origin === item.origin && names.includes(used.name ?? ""),
  );
}
