// What keeps a draft from being published, each with the place where it is mended. Pure.

import type { Finding, Parameter } from "@/api/types.ts";
import { t as paramWords } from "@/components/params/messages.en.ts";
import { withoutEntry } from "@/lib/aliasText.ts";
import { beyond } from "@/lib/numberText.ts";

import type { Known } from "./DraftSync.ts";
import type { Editing } from "./EditorStore.ts";
import { t } from "./messages.en.ts";

/** Where all that no row shows is shown. */
export const OTHERS = "other-arguments";

export interface EditorError {
  /** A parameter's key, a basic's path, `OTHERS`, or null where it is the file as a whole. */
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
  const { known, reached } = sync;
  const server = reached === recipe ? known.errors : [];
  return server
    .filter(({ code }) => known.recipe === null || OF_THE_FILE.has(code))
    .map((error) => {
      const { message, pointer } = error;
      return { key: keyOf(error, known.text, params), message, pointer };
    });
}

/** What stands among the parameters of a file and is none that Bodhi knows. */
export interface Other {
  readonly pointer: string;
  /** Its first line, as it is written. */
  readonly written: string;
  readonly message: string;
  readonly remedy: string | null;
  /** It has lines of its own, which can go without anything else. */
  readonly standsAlone: boolean;
}

export function othersIn({ errors, text }: Known, params: readonly Parameter[]): readonly Other[] {
  return errors.flatMap((error): Other[] => {
    const { pointer, line, message, remedy } = error;
    if (pointer === null || line === null || keyOf(error, text, params) !== OTHERS) return [];
    const standsAlone = withoutEntry(text, line) !== null;
    const written = lineAt(text, line).trim().replace(/^- +/, "");
    return [{ pointer, written, message, remedy, standsAlone }];
  });
}

type Said = Known["errors"][number];

const SECTIONS = new Set(["context_params", "request_params", "request_policy"]);
const FLAG = /--?[A-Za-z][\w-]*/;

/** A file may call a parameter by any of its names; rows go by the registry's. */
function keyOf({ pointer, line }: Said, text: string, params: readonly Parameter[]): string | null {
  const [, field = null, name] = pointer?.split("/") ?? [];
  if (field === null || !SECTIONS.has(field) || name === undefined) return field;
  // An item of a list of flags is called by the flag in it.
  const isItem = /^\d+$/.test(name) && line !== null;
  const wanted = plain((isItem ? FLAG.exec(lineAt(text, line))?.[0] : name) ?? name);
  const param = params.find(({ key, spellings, negations }) =>
    [key, ...spellings, ...negations].some((one) => plain(one) === wanted),
  );
  return param?.key ?? OTHERS;
}

function lineAt(text: string, line: number): string {
  return text.split("\n")[line - 1] ?? "";
}

function plain(name: string): string {
  return name.replace(/^-+/, "").replaceAll("-", "_").toLowerCase();
}

function labelOf(key: string | null, labels: ReadonlyMap<string, string>): string {
  if (key === null) return t.source;
  if (key === OTHERS) return t.others;
  return key === "alias" ? t.name : (labels.get(key) ?? key);
}
