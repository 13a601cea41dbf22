// Asking a recipe that is not published: what is tried is what would be served, and nothing is saved.

import { serverEvents, StreamCut } from "@/lib/serverEvents.ts";

import { client, dataOf, PROOF } from "./client.ts";
import { problemOf } from "./problem.ts";
import type { EditShown } from "./types.ts";

export interface TrialEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Which recipe is tried: exactly one of the first three, with changes laid over it. */
export interface Tried {
  readonly alias?: string;
  readonly draft_id?: string;
  readonly source_text?: string;
  readonly edits?: readonly EditShown[];
}

export interface Spoken {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** Events as they come. Raises Problem for a refusal, StreamCut where the end is missing. */
export function tryRecipe(
  tried: Tried,
  messages: readonly Spoken[],
  signal: AbortSignal,
): AsyncGenerator<TrialEvent, void> {
  return streamed("/api/v1/trials", { ...tried, messages }, signal);
}

/** Whether an engine would have to be loaded for a recipe; nothing is loaded. */
export async function foretell(tried: Tried, signal: AbortSignal): Promise<boolean> {
  const messages = [{ role: "user", content: "-" }];
  const { alias = null, edits = [] } = tried;
  const body = { alias, edits: [...edits], messages, request: {} };
  const answer = await dataOf(client.POST("/api/v1/trials/foretell", { body, signal }));
  return answer.needs_load;
}

/** The same question to two to four recipes at once; `lane` in each event's data says whose it is. */
export function tryLanes(
  lanes: readonly Tried[],
  messages: readonly Spoken[],
  seed: number,
  signal: AbortSignal,
): AsyncGenerator<TrialEvent, void> {
  return streamed("/api/v1/trials/lanes", { lanes, messages, seed }, signal);
}

/** A single question to a draft's text. */
export function tryText(
  sourceText: string,
  prompt: string,
  signal: AbortSignal,
): AsyncGenerator<TrialEvent, void> {
  return tryRecipe({ source_text: sourceText }, [{ role: "user", content: prompt }], signal);
}

async function* streamed(
  path: string,
  body: object,
  signal: AbortSignal,
): AsyncGenerator<TrialEvent, void> {
  const response = await fetch(path, {
    method: "POST",
    headers: { ...PROOF, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) throw problemOf(await response.json().catch(() => null), response.status);
  if (response.body === null) throw new StreamCut("there is no answer");
  yield* trialEvents(response.body);
}

/** The events of an answer's bytes. Raises StreamCut where an end is missing. */
export async function* trialEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<TrialEvent, void> {
  // Of lanes, each that began has an end of its own.
  const open = new Set<unknown>();
  let ended = false;
  for await (const { event = "", data } of serverEvents(body)) {
    const read = JSON.parse(data) as TrialEvent["data"];
    if (event === "begun") {
      open.add(read.lane);
      ended = false;
    }
    if (event === "done" || event === "error") ended = open.delete(read.lane) && open.size === 0;
    yield { event, data: read };
  }
  if (!ended) throw new StreamCut("the stream ended early");
}
