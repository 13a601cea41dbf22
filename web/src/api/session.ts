// Who the server takes the page for, and signing in where it asks for a key.

import { queryOptions } from "@tanstack/react-query";

import { client, dataOf } from "./client.ts";
import { problemOf } from "./problem.ts";
import type { Session } from "./types.ts";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }): Promise<Session> => dataOf(client.GET("/api/v1/session", { signal })),
  staleTime: Infinity,
});

/** Raises Problem where the key is not one. The browser keeps the cookie; the page never sees it. */
export function signIn(key: string): Promise<Session> {
  return dataOf(client.POST("/api/v1/session", { body: { key } }));
}

/** Ends the session and takes its cookie back. */
export async function signOut(): Promise<void> {
  const { error, response } = await client.DELETE("/api/v1/session");
  if (!response.ok) throw problemOf(error, response.status);
}

/** Whether this session may see and change aliases; a key for inference alone may not. */
export function mayManage(session: Session): boolean {
  return !session.needs_key || session.scope === "admin";
}
