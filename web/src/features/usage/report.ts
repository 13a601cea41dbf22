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

type Asked<T> = Parameters<typeof dataOf<T>>[0];

function reportQuery<T>(
  span: UsageSpan,
  parts: readonly string[],
  ask: (signal: AbortSignal) => Asked<T>,
) {
  return queryOptions({
    queryKey: keyOf(span, ...parts),
    queryFn: ({ signal }) => jsonOf(dataOf(ask(signal))),
    ...kept,
  });
}

export const summaryQuery = (span: UsageSpan) =>
  reportQuery(span, ["summary"], (signal) =>
    client.GET("/api/v1/usage/summary", { params: { query: within(span) }, signal }),
  );

export const aliasesUsedQuery = (span: UsageSpan) =>
  reportQuery(span, ["aliases"], (signal) =>
    client.GET("/api/v1/usage/aliases", { params: { query: within(span) }, signal }),
  );

export const modelsUsedQuery = (span: UsageSpan) =>
  reportQuery(span, ["models"], (signal) =>
    client.GET("/api/v1/usage/models", { params: { query: within(span) }, signal }),
  );

export const templatesUsedQuery = (span: UsageSpan) =>
  reportQuery(span, ["templates"], (signal) =>
    client.GET("/api/v1/usage/templates", { params: { query: within(span) }, signal }),
  );

export const adjustmentsQuery = (span: UsageSpan) =>
  reportQuery(span, ["adjustments"], (signal) =>
    client.GET("/api/v1/usage/adjustments", { params: { query: within(span) }, signal }),
  );

export const experimentsQuery = (span: UsageSpan) =>
  reportQuery(span, ["experiments"], (signal) =>
    client.GET("/api/v1/usage/experiments", { params: { query: within(span) }, signal }),
  );

export const seriesQuery = (span: UsageSpan, by: By | null) =>
  reportQuery(span, ["series", by ?? ""], (signal) => {
    const query = { ...within(span), every: span.every, ...(by === null ? {} : { by }) };
    return client.GET("/api/v1/usage/series", { params: { query }, signal });
  });

export const aliasReportQuery = (id: string, span: UsageSpan) =>
  reportQuery(span, ["alias", id], (signal) => {
    const params = { path: { id }, query: { ...within(span), every: span.every } };
    return client.GET("/api/v1/usage/aliases/{id}", { params, signal });
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
