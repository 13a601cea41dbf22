// Chat templates on the server: read, rendered, and one's own saved and deleted.

import { queryOptions } from "@tanstack/react-query";

import { client, dataOf } from "@/api/client.ts";
import { problemOf } from "@/api/problem.ts";
import type { components } from "@/api/schema.d.ts";

import { type SampleName, SAMPLES } from "./samples.ts";

type Schemas = components["schemas"];
export type TemplateItem = Schemas["TemplateItem"];
export type OwnTemplate = Schemas["OwnTemplate"];
export type Rendered = Schemas["Rendered"];

/** The text that a name leads to, from wherever it is. */
export const textQuery = (name: string) =>
  queryOptions({
    queryKey: ["templates", "text", name],
    queryFn: ({ signal }) =>
      dataOf(client.GET("/api/v1/template", { params: { query: { name } }, signal })),
    retry: false,
  });

export const ownQuery = (name: string) =>
  queryOptions({
    queryKey: ["templates", "own", name],
    queryFn: ({ signal }) =>
      dataOf(client.GET("/api/v1/templates/{name}", { params: { path: { name } }, signal })),
    retry: false,
  });

/** What a text makes of a sample; `name` lends its model's tokens. */
export const renderedQuery = (text: string, sample: SampleName, name: string | null) =>
  queryOptions({
    queryKey: ["templates", "rendered", text, sample, name],
    queryFn: ({ signal }) => {
      const { messages, tools } = SAMPLES[sample];
      const body = {
        template: text,
        messages: messages as Schemas["RenderRequest"]["messages"],
        ...(tools === undefined ? {} : { tools: tools as unknown[] }),
        add_generation_prompt: true,
        chat_template_kwargs: {},
        ...(name === null ? {} : { name }),
      };
      return dataOf(client.POST("/api/v1/templates/render", { body, signal }));
    },
    retry: false,
    staleTime: 60_000,
    gcTime: 60_000,
  });

/** A new one, or with its etag another text in one that is there. */
export function saveTemplate(
  name: string,
  text: string,
  etag: string | null,
): Promise<OwnTemplate> {
  const params = {
    path: { name },
    header: etag === null ? {} : { "if-match": `"${etag}"` },
  };
  return dataOf(client.PUT("/api/v1/templates/{name}", { params, body: { text } }));
}

export async function deleteTemplate(name: string, etag: string): Promise<void> {
  const params = { path: { name }, header: { "if-match": `"${etag}"` } };
  const { error, response } = await client.DELETE("/api/v1/templates/{name}", { params });
  if (!response.ok) throw problemOf(error, response.status);
}
