// What an editor holds of one alias, and the edits that lead from one such state to another. Pure.

import type { EditShown, JsonValue, Parameter, RecipeShown } from "@/api/types.ts";
import { changedKeys, editsBetween, settingsIn, type Settings } from "@/components/params/edits.ts";
import type { Setting } from "@/components/params/setting.ts";

export interface Basics {
  readonly name: string;
  readonly repo: string;
  readonly filename: string;
  readonly snapshot: string | null;
  /** As the file says it: an id, `file:mine`, a repository, or the template itself. */
  readonly chatTemplate: string | null;
  readonly description: string | null;
  readonly tags: readonly string[];
  /** The name of the preset that its values were taken from, changed since or not. */
  readonly preset: string | null;
}

export interface Recipe {
  readonly settings: Settings;
  readonly basics: Basics;
  /** The whole file, where it was typed as such; else it follows from the last one and the edits. */
  readonly text: string | null;
}

/** The path of each basic in an alias file. */
export const BASIC_PATHS: Readonly<Record<keyof Basics, string>> = {
  name: "alias",
  repo: "repo",
  filename: "filename",
  snapshot: "snapshot",
  chatTemplate: "chat_template",
  description: "description",
  tags: "tags",
  preset: "preset",
};
const BASICS = Object.keys(BASIC_PATHS) as readonly (keyof Basics)[];

export function recipeOf(shown: RecipeShown): Recipe {
  return {
    settings: settingsIn(shown),
    basics: {
      name: shown.name,
      repo: shown.repo,
      filename: shown.filename,
      snapshot: shown.snapshot ?? null,
      chatTemplate: shown.chat_template ?? null,
      description: shown.description ?? null,
      tags: shown.tags,
      preset: shown.preset ?? null,
    },
    text: null,
  };
}

/** What to change in the file so that it says `after` where it says `before`. */
export function recipeEdits(
  before: Recipe,
  after: Recipe,
  params: readonly Parameter[],
): readonly EditShown[] {
  const basics = changedBasics(before, after).map((one) => ({
    path: [BASIC_PATHS[one]],
    value: written(after.basics[one]),
  }));
  return [...basics, ...editsBetween(before.settings, after.settings, params)];
}

export function changedBasics(before: Recipe, after: Recipe): readonly (keyof Basics)[] {
  return BASICS.filter(
    (one) => JSON.stringify(before.basics[one]) !== JSON.stringify(after.basics[one]),
  );
}

/** Parameters and paths of basics about which the two say different things. */
export function changedIn(before: Recipe, after: Recipe): readonly string[] {
  const basics = changedBasics(before, after).map((one) => BASIC_PATHS[one]);
  return [...basics, ...changedKeys(before.settings, after.settings)];
}

/** Nothing is written as nothing: an empty list of tags takes the key out. */
function written(value: Basics[keyof Basics]): JsonValue {
  return value === null || value.length === 0 ? null : value;
}

/** A state as a browser's storage can keep it. */
export interface KeptRecipe {
  readonly settings: readonly (readonly [string, Setting])[];
  /** Earlier versions of the page kept no preset. */
  readonly basics: Omit<Basics, "preset"> & Partial<Pick<Basics, "preset">>;
  readonly text: string | null;
}

export function kept(recipe: Recipe): KeptRecipe {
  return { ...recipe, settings: [...recipe.settings] };
}

export function restored(recipe: KeptRecipe): Recipe {
  // JSON has no undefined: a clamp without a value of its own comes back without the field.
  return {
    ...recipe,
    basics: { ...recipe.basics, preset: recipe.basics.preset ?? null },
    settings: new Map(recipe.settings.map(([key, one]) => [key, whole(one)])),
  };
}

function whole(setting: Setting): Setting {
  return { ...setting, value: setting.value };
}
