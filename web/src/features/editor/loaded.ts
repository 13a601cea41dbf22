// What an editor begins with: the alias as it is published, and its draft if it has one.

import { queryOptions } from "@tanstack/react-query";

import { client, dataOf } from "@/api/client.ts";
import { showDraft, validateText } from "@/api/drafts.ts";
import type { AliasDetail } from "@/api/types.ts";

import { type Known, knownOf } from "./DraftSync.ts";
import { recipeOf } from "./recipe.ts";

export interface Loaded {
  readonly id: string;
  readonly alias: AliasDetail;
  readonly published: Known;
  /** The draft, or what is published where there is none. */
  readonly known: Known;
  readonly again: () => Promise<Known>;
}

/** Read once: from then on the editor knows more than the server. */
export const loadedQuery = (id: string) =>
  queryOptions({
    queryKey: ["editing", id],
    queryFn: async (): Promise<Loaded> => {
      const alias = await readAlias(id);
      const published = await knownOfAlias(alias);
      const { draft } = alias;
      const known = draft === null ? published : knownOf(await showDraft(draft));
      const again = async () => knownOfAlias(await readAlias(id));
      return { id, alias, published, known, again };
    },
    staleTime: Infinity,
    gcTime: 0,
    structuralSharing: false,
  });

function readAlias(id: string): Promise<AliasDetail> {
  return dataOf(client.GET("/api/v1/aliases/{id}", { params: { path: { id } } }));
}

async function knownOfAlias(alias: AliasDetail): Promise<Known> {
  const text = alias.source_text ?? "";
  const checked = await validateText(text, alias.id);
  return {
    draftId: null,
    etag: alias.etag,
    seq: 0,
    text,
    recipe: checked.recipe === null ? null : recipeOf(checked.recipe),
    errors: checked.errors,
    findings: checked.findings,
    effective: checked.effective,
    baseEtag: null,
  };
}
