// What the page reads of usage: the dashboard's figures, and those of each alias.

import { queryOptions } from "@tanstack/react-query";

import { client, dataOf, jsonOf } from "./client.ts";
import type { AliasUsage, Dashboard, UsageDetail, UsageSeries } from "./types.ts";

// Figures change with every request; events tell of it, at most once a second.
const EVERY_MS = 30_000;
const DAY_S = 86_400;

export const dashboardQuery = queryOptions({
  queryKey: ["dashboard"],
  queryFn: ({ signal }): Promise<Dashboard> => dataOf(client.GET("/api/v1/dashboard", { signal })),
  refetchInterval: EVERY_MS,
});

/** All requests of the last day, hour by hour. */
export const activityQuery = queryOptions({
  queryKey: ["usage", "activity"],
  queryFn: ({ signal }): Promise<UsageSeries> =>
    jsonOf(
      dataOf(client.GET("/api/v1/usage/series", { params: { query: { every: "hour" } }, signal })),
    ),
  refetchInterval: EVERY_MS,
});

/** The last day's usage of each alias that was asked, by its URL id. */
export const aliasUsageQuery = queryOptions({
  queryKey: ["usage", "aliases"],
  queryFn: async ({ signal }): Promise<ReadonlyMap<string, AliasUsage>> => {
    const found = await jsonOf(dataOf(client.GET("/api/v1/usage/aliases", { signal })));
    return new Map(
      found.aliases
        .filter((one) => one.source !== "draft")
        .flatMap((one) => (one.id === null ? [] : [[one.id, one] as const])),
    );
  },
  refetchInterval: EVERY_MS,
  structuralSharing: false,
});

/** One alias over the last days. */
export const usageOfQuery = (id: string, days: number) =>
  queryOptions({
    queryKey: ["usage", "alias", id, days],
    queryFn: ({ signal }): Promise<UsageDetail> => {
      const to = Date.now() / 1000;
      const query = { from: to - days * DAY_S, to, every: days > 2 ? "day" : "hour" } as const;
      const params = { path: { id }, query };
      return jsonOf(dataOf(client.GET("/api/v1/usage/aliases/{id}", { params, signal })));
    },
    refetchInterval: EVERY_MS,
  });
