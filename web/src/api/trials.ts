// Asking a recipe that is not published: what is tried is what would be served, and nothing is saved.

import { StreamCut } from "@/lib/completion.ts";
import { serverEvents } from "@/lib/serverEvents.ts";

import { PROOF } from "./client.ts";
import { problemOf } from "./problem.ts";

export interface TrialEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Events as they come. Raises Problem for a refusal, StreamCut where the end is missing. */
export async function* tryText(
  sourceText: string,
  prompt: string,
  signal: AbortSignal,
): AsyncGenerator<TrialEvent, void> {
  const response = await fetch("/api/v1/trials", {
    method: "POST",
    headers: { ...PROOF, "content-type": "application/json" },
    body: JSON.stringify({
      source_text: sourceText,
      messages: [{ role: "user", content: prompt }],
    }),
    signal,
  });
  if (!response.ok) throw problemOf(await response.json().catch(() => null), response.status);
  if (response.body === null) throw new StreamCut("there is no answer");
  yield* events(response.body);
}

async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<TrialEvent, void> {
  let ended = false;
  for await (const { event = "", data } of serverEvents(body)) {
    ended ||= event === "done" || event === "error";
    yield { event, data: JSON.parse(data) as TrialEvent["data"] };
  }
  if (!ended) throw new StreamCut("the stream ended early");
}
