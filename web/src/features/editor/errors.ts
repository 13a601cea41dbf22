// What keeps a draft from being published, each with the place where it is mended. Pure.

import type { Parameter } from "@/api/types.ts";
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
const OF_THE_NAME = new Set(["name_taken", "name_invalid"]);

export function errorsOf(
  editing: Editing,
  params: readonly Parameter[],
  wrong: ReadonlyMap<string, string>,
): readonly EditorError[] {
  const { recipe, sync } = editing;
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
  const server = sync.reached === recipe ? sync.known.errors : [];
  const others = server
    .filter(({ code }) => sync.known.recipe === null || OF_THE_NAME.has(code))
    .map(({ message, pointer }): EditorError => {
      const key = pointer?.split("/").at(-1) ?? null;
      return { key, label: labelOf(key, labels), message };
    })
    .filter(({ key }) => !known.has(key));
  return [...name, ...own, ...others];
}

function labelOf(key: string | null, labels: ReadonlyMap<string, string>): string {
  if (key === null) return t.source;
  return key === "alias" ? t.name : (labels.get(key) ?? key);
}
