// What was deleted, and comes back until it is purged.

import { queryOptions } from "@tanstack/react-query";

import { client, dataOf } from "./client.ts";
import { problemOf } from "./problem.ts";
import type { Trashed } from "./types.ts";

export const trashQuery = queryOptions({
  queryKey: ["trash"],
  queryFn: async ({ signal }): Promise<readonly Trashed[]> =>
    (await dataOf(client.GET("/api/v1/trash", { signal }))).trash,
});

/** For good. */
export async function purge(id: string): Promise<void> {
  const params = { path: { id } };
  const { error, response } = await client.DELETE("/api/v1/trash/{id}", { params });
  if (!response.ok) throw problemOf(error, response.status);
}
