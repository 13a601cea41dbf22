// What the usage screen reads: every figure of one and the same span of time.

import { queryOptions } from "@tanstack/react-query";

import { client, dataOf, jsonOf } from "@/api/client.ts";
import type { components } from "@/api/schema.d.ts";
import type { UsageSpan } from "@/lib/usageSearch.ts";

type Schemas = components["schemas"];
export type Figures = Schemas["UsageFigures"];
export type Summary = Schemas["UsageSummary"];
export type Point = Schemas["UsagePoint"];
export type Adjustment = Schemas["Adjustment"];
export type ExperimentDay = Schemas["ExperimentDayShown"];

export type By = "source" | "model";

// Events tell of new figures, at most once a second; this is for when they are not heard.
const EVERY_MS = 30_000;

const keyOf = (span: UsageSpan, ...more: readonly string[]) =>
  ["usage", "report", span.start, span.end, span.every, ...more] as const;
const within = ({ start, end }: UsageSpan) => ({ from: start, to: end });
const kept = {
  refetchInterval: EVERY_MS,
  // The span moves on with the clock; what was shown stays until the new figures are here.
  placeholderData: <T>(before: T | undefined) => before,
} as const;

export const summaryQuery = (span: UsageSpan) =>
  queryOptions({
    queryKey: keyOf(span, "summary"),
    queryFn: ({ signal }) =>
      jsonOf(
        dataOf(client.GET("/api/v1/usage/summary", { params: { query: within(span) }, signal })),
      ),
    ...kept,
  });

export const seriesQuery = (span: UsageSpan, by: By | null) =>
  queryOptions({
    queryKey: keyOf(span, "series", by ?? ""),
    queryFn: ({ signal }) => {
      const query = { ...within(span), every: span.every, ...(by === null ? {} : { by }) };
      return jsonOf(dataOf(client.GET("/api/v1/usage/series", { params: { query }, signal })));
    },
    ...kept,
  });

export const aliasesUsedQuery = (span: UsageSpan) =>
  queryOptions({
    queryKey: keyOf(span, "aliases"),
    queryFn: ({ signal }) =>
      jsonOf(
        dataOf(client.GET("/api/v1/usage/aliases", { params: { query: within(span) }, signal })),
      ),
    ...kept,
  });

export const modelsUsedQuery = (span: UsageSpan) =>
  queryOptions({
    queryKey: keyOf(span, "models"),
    queryFn: ({ signal }) =>
      jsonOf(
        dataOf(client.GET("/api/v1/usage/models", { params: { query: within(span) }, signal })),
      ),
    ...kept,
  });

export const templatesUsedQuery = (span: UsageSpan) =>
  queryOptions({
    queryKey: keyOf(span, "templates"),
    queryFn: ({ signal }) =>
      jsonOf(
        dataOf(client.GET("/api/v1/usage/templates", { params: { query: within(span) }, signal })),
      ),
    ...kept,
  });

export const adjustmentsQuery = (span: UsageSpan) =>
  queryOptions({
    queryKey: keyOf(span, "adjustments"),
    queryFn: ({ signal }) =>
      jsonOf(
        dataOf(
          client.GET("/api/v1/usage/adjustments", { params: { query: within(span) }, signal }),
        ),
      ),
    ...kept,
  });

export const experimentsQuery = (span: UsageSpan) =>
  queryOptions({
    queryKey: keyOf(span, "experiments"),
    queryFn: ({ signal }) =>
      jsonOf(
        dataOf(
          client.GET("/api/v1/usage/experiments", { params: { query: within(span) }, signal }),
        ),
      ),
    ...kept,
  });

export const aliasReportQuery = (id: string, span: UsageSpan) =>
  queryOptions({
    queryKey: keyOf(span, "alias", id),
    queryFn: ({ signal }) => {
      const params = { path: { id }, query: { ...within(span), every: span.every } };
      return jsonOf(dataOf(client.GET("/api/v1/usage/aliases/{id}", { params, signal })));
    },
    ...kept,
  });

/** Where the server has these rows for a spreadsheet, and what the file is called. */
export function csvOf(
  what: string,
  span: UsageSpan,
  more: Readonly<Record<string, string>> = {},
): { readonly href: string; readonly name: string } {
  const query = new URLSearchParams({
    from: String(span.start),
    to: String(span.end),
    ...more,
    format: "csv",
  });
  return {
    href: `/api/v1/usage/${what}?${query}`,
    name: `bodhi-${what.replaceAll("/", "-")}-${span.start}-${span.end}.csv`,
  };
}
