// Drafts: changes of an alias that are saved as they are made, and published when they are right.

import { queryOptions } from "@tanstack/react-query";

import { client, dataOf } from "./client.ts";
import { problemOf } from "./problem.ts";
import type { AliasDetail, Draft, EditShown, SourceSent, Validation } from "./types.ts";

interface Based {
  readonly id: string;
  readonly etag: string;
}

const basedOn = ({ id, etag }: Based) => ({
  path: { id },
  header: { "if-match": `"${etag}"` },
});

/** The alias's draft: a new one, or the one that it has. */
export function beginDraft(aliasId: string): Promise<Draft> {
  return dataOf(client.POST("/api/v1/drafts", { body: { alias_id: aliasId } }));
}

export function showDraft(id: string, signal?: AbortSignal): Promise<Draft> {
  const asked = { params: { path: { id } }, ...(signal === undefined ? {} : { signal }) };
  return dataOf(client.GET("/api/v1/drafts/{id}", asked));
}

export function editDraft(draft: Based, edits: readonly EditShown[]): Promise<Draft> {
  const body = { edits: [...edits] };
  return dataOf(client.PATCH("/api/v1/drafts/{id}", { params: basedOn(draft), body }));
}

/** Any text is kept, also one that cannot be read yet. */
export function replaceDraft(draft: Based, sourceText: string): Promise<Draft> {
  const body = { source_text: sourceText };
  return dataOf(client.PUT("/api/v1/drafts/{id}", { params: basedOn(draft), body }));
}

/** `over` is the alias's etag that may be written over; null where none but the draft's base. */
export function publishDraft(
  draft: Based,
  note: string,
  over: string | null,
): Promise<AliasDetail> {
  const body = { note: note.trim() === "" ? null : note, over };
  return dataOf(client.POST("/api/v1/drafts/{id}/publish", { params: basedOn(draft), body }));
}

export async function discardDraft(draft: Based): Promise<void> {
  const asked = client.DELETE("/api/v1/drafts/{id}", { params: basedOn(draft) });
  const { error, response } = await asked;
  if (!response.ok) throw problemOf(error, response.status);
}

/** Every draft; what is shown of each does not say what it changes. */
export const draftsQuery = queryOptions({
  queryKey: ["drafts"],
  queryFn: async ({ signal }) => (await dataOf(client.GET("/api/v1/drafts", { signal }))).drafts,
});

/** The draft against its alias as that is now. */
export const draftDifferenceQuery = ({ id, etag }: Based) =>
  queryOptions({
    queryKey: ["draft", id, "diff", etag],
    queryFn: ({ signal }) =>
      dataOf(client.GET("/api/v1/drafts/{id}/diff", { params: { path: { id } }, signal })),
    staleTime: 0,
    gcTime: 0,
  });

/** What would become of a text, without saving it. */
export function validateText(
  sourceText: string,
  id: string | null,
  signal?: AbortSignal,
): Promise<Validation> {
  const body = { source_text: sourceText, id };
  const asked = signal === undefined ? { body } : { body, signal };
  return dataOf(client.POST("/api/v1/aliases/validate", asked));
}

/** What would become of a recipe or a text as a new alias, without saving it. */
export function validateNew(source: SourceSent, signal?: AbortSignal): Promise<Validation> {
  const asked = signal === undefined ? { body: source } : { body: source, signal };
  return dataOf(client.POST("/api/v1/aliases/validate", asked));
}
