// The contents that an alias has had, what differs between two of them, and bringing one back.

import { queryOptions } from "@tanstack/react-query";

import { client, dataOf } from "./client.ts";
import type { AliasDetail, Difference, Version, VersionDetail } from "./types.ts";

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["versions", id],
    queryFn: async ({ signal }): Promise<readonly Version[]> => {
      const asked = client.GET("/api/v1/aliases/{id}/versions", {
        params: { path: { id } },
        signal,
      });
      return (await dataOf(asked)).versions;
    },
  });

/** One content, whole. */
export function showVersion(id: string, version: number): Promise<VersionDetail> {
  const params = { path: { id, version } };
  return dataOf(client.GET("/api/v1/aliases/{id}/versions/{version}", { params }));
}

export const differenceQuery = (id: string, a: number, b: number) =>
  queryOptions({
    queryKey: ["versions", id, "diff", a, b],
    queryFn: ({ signal }): Promise<Difference> =>
      dataOf(
        client.GET("/api/v1/aliases/{id}/diff", {
          params: { path: { id }, query: { a, b } },
          signal,
        }),
      ),
  });

export function restoreVersion(
  alias: { readonly id: string; readonly etag: string },
  version: number,
): Promise<AliasDetail> {
  const { id, etag } = alias;
  const params = { path: { id, version }, header: { "if-match": `"${etag}"` } };
  return dataOf(
    client.POST("/api/v1/aliases/{id}/versions/{version}/restore", { params, body: {} }),
  );
}
