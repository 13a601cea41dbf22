// A streamed chat completion: from bytes to events, and from events to one answer. Pure.

import { serverEvents } from "./serverEvents.ts";

export interface Timings {
  readonly promptTokens: number | null;
  readonly answerTokens: number | null;
  readonly tokensPerSecond: number | null;
}

/** What one event adds to the answer. */
export interface Piece {
  readonly text: string;
  readonly thought: string;
  readonly finish: string | null;
  readonly timings: Timings | null;
}

/** An error that came as an event, after the answer had begun: the server's error object. */
export class StreamedError extends Error {
  override name = "StreamedError";
  readonly body: unknown;
  constructor(body: unknown) {
    super("the stream carried an error");
    this.body = body;
  }
}

/** The stream ended without its end mark: what came is not the whole answer. */
export class StreamCut extends Error {
  override name = "StreamCut";
}

/** Pieces as they come. Raises StreamedError and StreamCut where the end mark `[DONE]` is missing. */
export async function* pieces(body: ReadableStream<Uint8Array>): AsyncGenerator<Piece, void> {
  let ended = false;
  for await (const { data } of serverEvents(body)) {
    if (data === "[DONE]") ended = true;
    else yield readPiece(JSON.parse(data));
  }
  if (!ended) throw new StreamCut("the stream ended early");
}

type Json = Readonly<Record<string, unknown>>;

function readPiece(event: unknown): Piece {
  const chunk = object(event);
  if (chunk.error !== undefined) throw new StreamedError(chunk);
  const choices: unknown = chunk.choices;
  const choice = object(Array.isArray(choices) ? choices[0] : undefined);
  const delta = object(choice.delta);
  return {
    text: text(delta.content) ?? "",
    thought: text(delta.reasoning_content) ?? "",
    finish: text(choice.finish_reason),
    timings: readTimings(chunk),
  };
}

/** Counts of OpenAI's `usage`, the speed of llama.cpp's `timings`, in whichever chunk they come. */
function readTimings(chunk: Json): Timings | null {
  const timings = object(chunk.timings);
  const usage = object(chunk.usage);
  const read = {
    // Not the timings' prompt_n: that leaves out what the engine still had in its cache.
    promptTokens: number(usage.prompt_tokens),
    answerTokens: number(usage.completion_tokens) ?? number(timings.predicted_n),
    tokensPerSecond: number(timings.predicted_per_second),
  };
  return Object.values(read).every((value) => value === null) ? null : read;
}

/** What is known after another event: the newer figure, where it says one. */
export function merged(before: Timings | null, newer: Timings | null): Timings | null {
  if (before === null || newer === null) return newer ?? before;
  return {
    promptTokens: newer.promptTokens ?? before.promptTokens,
    answerTokens: newer.answerTokens ?? before.answerTokens,
    tokensPerSecond: newer.tokensPerSecond ?? before.tokensPerSecond,
  };
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
