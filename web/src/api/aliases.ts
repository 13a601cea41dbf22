// Changes of aliases. Each names the content that it is based on, so that nobody's edit is lost.

import { client, dataOf } from "./client.ts";
import { problemOf } from "./problem.ts";
import type { AliasDetail, EditShown, SourceSent } from "./types.ts";

interface Based {
  readonly id: string;
  readonly etag: string;
}

const basedOn = ({ id, etag }: Based) => ({
  path: { id },
  header: { "if-match": `"${etag}"` },
});

export function showAlias(id: string, signal?: AbortSignal): Promise<AliasDetail> {
  const asked = { params: { path: { id } }, ...(signal === undefined ? {} : { signal }) };
  return dataOf(client.GET("/api/v1/aliases/{id}", asked));
}

/** A user alias from another, comments and all, or from a model. */
export function cloneAlias(
  id: string,
  name: string,
  edits: readonly EditShown[] = [],
): Promise<AliasDetail> {
  const body = { name, edits: [...edits] };
  return dataOf(client.POST("/api/v1/aliases/{id}/clone", { params: { path: { id } }, body }));
}

/** A new user alias: from a recipe as fields, or from the text of a file. */
export function createAlias(source: SourceSent): Promise<AliasDetail> {
  return dataOf(client.POST("/api/v1/aliases", { body: source }));
}

/** The alias's file, as it lies on the disk; a Problem where it cannot be read. */
export async function sourceOf(id: string): Promise<string> {
  const asked = client.GET("/api/v1/aliases/{id}", { params: { path: { id } } });
  const { source_text, error } = await dataOf(asked);
  if (source_text === null) throw problemOf({ error });
  return source_text;
}

/** The files of several aliases in one archive. */
export function exportAliases(ids: readonly string[]): Promise<Blob> {
  const body = { ids: [...ids] };
  return dataOf(client.POST("/api/v1/aliases/export", { body, parseAs: "blob" }));
}

/** Sets or removes single values; every other byte of the file stays. */
export function editAlias(alias: Based, edits: readonly EditShown[]): Promise<AliasDetail> {
  const body = { edits: [...edits] };
  return dataOf(client.PATCH("/api/v1/aliases/{id}", { params: basedOn(alias), body }));
}

export function renameAlias(alias: Based, name: string): Promise<AliasDetail> {
  const params = basedOn(alias);
  return dataOf(client.POST("/api/v1/aliases/{id}/rename", { params, body: { name } }));
}

/** Moves the file to the trash; returns what brings it back. */
export async function deleteAlias(alias: Based): Promise<string> {
  const answer = await dataOf(client.DELETE("/api/v1/aliases/{id}", { params: basedOn(alias) }));
  return answer.id;
}

/** An alias or a chat template, as it was. */
export async function restoreTrashed(trashId: string): Promise<void> {
  const params = { path: { id: trashId } };
  await dataOf(client.POST("/api/v1/trash/{id}/restore", { params }));
}

export async function pinAlias(id: string, pinned: boolean): Promise<void> {
  const asked = { params: { path: { id } } };
  const { error, response } = pinned
    ? await client.PUT("/api/v1/pins/{id}", asked)
    : await client.DELETE("/api/v1/pins/{id}", asked);
  if (!response.ok) throw problemOf(error, response.status);
}
