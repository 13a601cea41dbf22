// What keeps a draft from being published, each with the place where it is mended. Pure.

import type { Finding, Parameter } from "@/api/types.ts";
import { t as paramWords } from "@/components/params/messages.en.ts";
import { beyond } from "@/lib/numberText.ts";

import type { Editing } from "./EditorStore.ts";
import { t } from "./messages.en.ts";

export interface EditorError {
  /** A parameter's key, a basic's path, or null where it is the file as a whole. */
  readonly key: string | null;
  readonly label: string;
  readonly message: string;
}

// The server's other errors keep an alias from serving, not from being written.
const OF_THE_FILE = new Set(["alias_file_invalid", "name_taken", "name_invalid"]);

export function errorsOf(
  editing: Editing,
  params: readonly Parameter[],
  wrong: ReadonlyMap<string, string>,
): readonly EditorError[] {
  const { recipe } = editing;
  const own: EditorError[] = params.flatMap(({ key, label, ...param }) => {
    const typed = wrong.get(key);
    if (typed !== undefined) return [{ key, label, message: typed }];
    const past = beyond(param, recipe.settings.get(key)?.value);
    if (past?.severity !== "error") return [];
    return [{ key, label, message: paramWords.beyond[past.end](past.nearest, past.reason) }];
  });
  const isNamed = recipe.basics.name.trim() !== "" || editing.isUnreadable;
  const name = isNamed ? [] : [{ key: "alias", label: t.name, message: t.nameMissing }];
  const known = new Set([...own, ...name].map((one) => one.key));
  const labels = new Map(params.map((one) => [one.key, one.label]));
  const others = saidByServer(editing, params)
    .filter(({ key }) => !known.has(key))
    .map(({ key, message }) => ({ key, label: labelOf(key, labels), message }));
  return [...name, ...own, ...others];
}

/** Wrong values that only the server can tell, each for the rows that it is of. */
export function errorFindings(editing: Editing, params: readonly Parameter[]): readonly Finding[] {
  const rows = new Map(params.map((one) => [one.key, one]));
  return saidByServer(editing, params).flatMap(({ key, message, pointer }): Finding[] => {
    const param = key === null ? undefined : rows.get(key);
    const isSeen =
      param === undefined || beyond(param, editing.recipe.settings.get(param.key)?.value) !== null;
    if (isSeen) return [];
    const code = `wrong ${pointer ?? ""}`;
    return [{ code, severity: "error", message, params: [param.key], pointer, fix: null }];
  });
}

function saidByServer({ recipe, sync }: Editing, params: readonly Parameter[]) {
  const server = sync.reached === recipe ? sync.known.errors : [];
  return server
    .filter(({ code }) => sync.known.recipe === null || OF_THE_FILE.has(code))
    .map(({ message, pointer }) => ({ key: keyOf(pointer, params), message, pointer }));
}

const SECTIONS = new Set(["context_params", "request_params", "request_policy"]);

/** A file may call a parameter by any of its names; rows go by the registry's. */
function keyOf(pointer: string | null, params: readonly Parameter[]): string | null {
  const [, field = null, name] = pointer?.split("/") ?? [];
  if (field === null || !SECTIONS.has(field) || name === undefined) return field;
  const wanted = plain(name);
  const param = params.find(({ key, spellings, negations }) =>
    [key, ...spellings, ...negations].some((one) => plain(one) === wanted),
  );
  return param?.key ?? name;
}

function plain(name: string): string {
  return name.replace(/^-+/, "").replaceAll("-", "_").toLowerCase();
}

function labelOf(key: string | null, labels: ReadonlyMap<string, string>): string {
  if (key === null) return t.source;
  return key === "alias" ? t.name : (labels.get(key) ?? key);
}
