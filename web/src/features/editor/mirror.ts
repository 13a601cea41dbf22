// What is typed, on the device: it outlives a reload, a crash and a server that is away.

import type { Mirror } from "./DraftSync.ts";
import { kept, type KeptRecipe, type Recipe, restored } from "./recipe.ts";

interface Stored {
  /** The content of draft or alias that it is based on. */
  readonly etag: string;
  readonly recipe: KeptRecipe;
}

const keyOf = (aliasId: string): string => `bodhi-editing-${aliasId}`;

export function mirrorOf(aliasId: string): Mirror {
  const key = keyOf(aliasId);
  return {
    keep: (etag, recipe) => {
      const stored: Stored = { etag, recipe: kept(recipe) };
      localStorage.setItem(key, JSON.stringify(stored));
    },
    forget: () => {
      localStorage.removeItem(key);
    },
  };
}

export interface Mirrored {
  readonly etag: string;
  readonly recipe: Recipe;
}

/** What was not saved when the page was left, if anything. */
export function mirrored(aliasId: string): Mirrored | null {
  const text = localStorage.getItem(keyOf(aliasId));
  if (text === null) return null;
  try {
    const { etag, recipe } = JSON.parse(text) as Stored;
    return { etag, recipe: restored(recipe) };
  } catch {
    // Another version of the page wrote it otherwise.
    localStorage.removeItem(keyOf(aliasId));
    return null;
  }
}
