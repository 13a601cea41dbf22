// Model files, what one of them would take, and downloads.

import { queryOptions } from "@tanstack/react-query";

import { client, dataOf } from "./client.ts";
import type { Job, Memory, ModelItem, Proposal } from "./types.ts";

export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: ({ signal }): Promise<ModelAnswer> => dataOf(client.GET("/api/v1/models", { signal })),
});

interface ModelAnswer {
  readonly models: readonly ModelItem[];
  readonly problems: readonly string[];
}

/** What a model or an alias would take, as it is set up. */
export const memoryQuery = (model: string) =>
  queryOptions({
    queryKey: ["models", "memory", model],
    queryFn: ({ signal }): Promise<Memory> =>
      dataOf(client.GET("/api/v1/memory", { params: { query: { model } }, signal })),
    staleTime: 30_000,
  });

/** What an alias of this model could be, and why; by its alias's URL id. */
export const proposalQuery = (id: string) =>
  queryOptions({
    queryKey: ["models", "proposal", id],
    queryFn: ({ signal }): Promise<Proposal> =>
      dataOf(client.GET("/api/v1/models/{id}/recipe", { params: { path: { id } }, signal })),
    staleTime: 30_000,
  });

// Events tell of progress as well; this is for when they are not heard.
const JOBS_EVERY_MS = 5_000;

export const jobsQuery = queryOptions({
  queryKey: ["jobs"],
  queryFn: async ({ signal }): Promise<readonly Job[]> =>
    (await dataOf(client.GET("/api/v1/jobs", { signal }))).jobs,
  refetchInterval: JOBS_EVERY_MS,
});

/** `owner/repo`, `owner/repo:QUANT` or `owner/repo:file.gguf`. */
export function startDownload(model: string): Promise<Job> {
  return dataOf(client.POST("/api/v1/downloads", { body: { name: model } }));
}

export function cancelJob(id: string): Promise<Job> {
  return dataOf(client.POST("/api/v1/jobs/{id}/cancel", { params: { path: { id } } }));
}

export function resumeJob(id: string): Promise<Job> {
  return dataOf(client.POST("/api/v1/jobs/{id}/resume", { params: { path: { id } } }));
}
