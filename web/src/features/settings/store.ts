// Settings of the server, keys, and which program this is.

import { queryOptions } from "@tanstack/react-query";

import { client, dataOf, jsonOf } from "@/api/client.ts";
import { problemOf } from "@/api/problem.ts";
import type { components } from "@/api/schema.d.ts";

type Schemas = components["schemas"];
export type Setting = Schemas["SettingShown"];
export type Key = Schemas["KeyShown"];
export type KeyUse = Schemas["KeyUsage"];
export type KeyMade = Schemas["KeyMade"];
export type NewKey = Schemas["NewKey"];

// They are facts of the start.
export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: async ({ signal }) =>
    (await dataOf(client.GET("/api/v1/settings", { signal }))).settings,
  staleTime: Infinity,
});

export const keysQuery = queryOptions({
  queryKey: ["keys"],
  queryFn: async ({ signal }) => (await dataOf(client.GET("/api/v1/keys", { signal }))).keys,
});

/** By the id of a key; one that no request came with is not there. */
export const keyUseQuery = queryOptions({
  queryKey: ["usage", "keys"],
  queryFn: async ({ signal }): Promise<ReadonlyMap<string, KeyUse>> => {
    const query = { from: 0 };
    const asked = dataOf(client.GET("/api/v1/usage/keys", { params: { query }, signal }));
    const { keys } = await jsonOf(asked);
    return new Map(keys.map((key) => [key.key_id, key]));
  },
});

export function makeKey(body: NewKey): Promise<KeyMade> {
  return dataOf(client.POST("/api/v1/keys", { body }));
}

export async function revokeKey(id: string): Promise<void> {
  const { error, response } = await client.DELETE("/api/v1/keys/{id}", {
    params: { path: { id } },
  });
  if (!response.ok) throw problemOf(error, response.status);
}

/** The description of the API says which version answers. */
export const versionQuery = queryOptions({
  queryKey: ["version"],
  queryFn: async ({ signal }): Promise<string> => {
    const answer = await fetch("/api/v1/openapi.json", { signal });
    const body: unknown = await answer.json();
    if (!answer.ok) throw problemOf(body, answer.status);
    const { info } = body as { readonly info: { readonly version: string } };
    return info.version;
  },
  staleTime: Infinity,
});
