// Chat templates: which there are, and what prompt one makes of a conversation.

import { queryOptions } from "@tanstack/react-query";

import { client, dataOf } from "./client.ts";

export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: async ({ signal }) =>
    (await dataOf(client.GET("/api/v1/templates", { signal }))).templates,
  staleTime: 60_000,
});

interface Asked {
  /** An alias or model, whose tokens the prompt has; with what it is to use, null for its own. */
  readonly name: string;
  readonly chatTemplate: string | null;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

const INLINE = /\{[{%]/;

/** The prompt. Raises Problem, whose message names the line of a template with an error. */
export const renderQuery = ({ name, chatTemplate, messages }: Asked) =>
  queryOptions({
    queryKey: ["templates", "render", name, chatTemplate, messages],
    queryFn: ({ signal }) => {
      // A template's own text goes in a field of its own, which may be long.
      const which =
        chatTemplate === null
          ? {}
          : INLINE.test(chatTemplate)
            ? { template: chatTemplate }
            : { chat_template: chatTemplate };
      const body = {
        name,
        ...which,
        messages: [...messages],
        add_generation_prompt: true,
        chat_template_kwargs: {},
      };
      return dataOf(client.POST("/api/v1/templates/render", { body, signal }));
    },
    retry: false,
    staleTime: 60_000,
  });
