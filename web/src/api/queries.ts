// What the page reads from the control plane, and how long it is good for.

import { queryOptions } from "@tanstack/react-query";

import { client, dataOf } from "./client.ts";
import { problemOf } from "./problem.ts";
import type { AliasDetail, AliasList, Engine, Parameter, Preset, Rule } from "./types.ts";

// Until the server announces changes itself, the page asks; an unchanged list costs a header.
const LIST_EVERY_MS = 10_000;
const ENGINES_EVERY_MS = 5_000;

let last: { readonly etag: string; readonly list: AliasList } | null = null;

async function fetchAliases(signal: AbortSignal): Promise<AliasList> {
  const headers = last === null ? {} : { "If-None-Match": last.etag };
  const asked = client.GET("/api/v1/aliases", { headers, signal, cache: "no-store" });
  const { data, error, response } = await asked;
  if (response.status === 304 && last !== null) return last.list;
  if (data === undefined) throw problemOf(error, response.status);
  const etag = response.headers.get("etag");
  last = etag === null ? null : { etag, list: data };
  return data;
}

export const aliasesQuery = queryOptions({
  queryKey: ["aliases"],
  queryFn: ({ signal }) => fetchAliases(signal),
  refetchInterval: LIST_EVERY_MS,
  // Ten thousand rows are compared by their ETag, not one by one.
  structuralSharing: false,
});

export const aliasQuery = (id: string) =>
  queryOptions({
    queryKey: ["aliases", id],
    queryFn: ({ signal }): Promise<AliasDetail> =>
      dataOf(client.GET("/api/v1/aliases/{id}", { params: { path: { id } }, signal })),
    refetchInterval: LIST_EVERY_MS,
  });

export const enginesQuery = queryOptions({
  queryKey: ["engines"],
  queryFn: async ({ signal }): Promise<readonly Engine[]> =>
    (await dataOf(client.GET("/api/v1/engines", { signal }))).engines,
  refetchInterval: ENGINES_EVERY_MS,
});

/** The registry, with the bounds of one alias's model, or of no model in particular. */
export const paramsQuery = (name: string | null) =>
  queryOptions({
    queryKey: ["params", name],
    queryFn: async ({ signal }): Promise<readonly Parameter[]> => {
      const query = name === null ? {} : { model: name };
      const asked = client.GET("/api/v1/params", { params: { query }, signal });
      return (await dataOf(asked)).parameters;
    },
    staleTime: 60_000,
  });

/** Presets, and which of their files cannot be read. */
export const presetListQuery = queryOptions({
  queryKey: ["presets"],
  queryFn: ({ signal }) => dataOf(client.GET("/api/v1/presets", { signal })),
});

export const presetsQuery = queryOptions({
  ...presetListQuery,
  select: ({ presets }): readonly Preset[] => presets,
  staleTime: 60_000,
});

/** The rules by which findings are made; they come with the program, and stay as long as it runs. */
export const rulesQuery = queryOptions({
  queryKey: ["rules"],
  queryFn: async ({ signal }): Promise<readonly Rule[]> =>
    (await dataOf(client.GET("/api/v1/rules", { signal }))).rules,
  staleTime: Infinity,
});
