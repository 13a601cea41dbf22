// One prompt to the data plane, as any program would send it; the answer comes in pieces.

import { type Piece, pieces } from "@/lib/completion.ts";

import { PROOF } from "./client.ts";
import { Problem, problemOf } from "./problem.ts";

export interface ChatAnswer {
  /** `name@version` of what served, and what the alias did to the request; null where silent. */
  readonly servedBy: string | null;
  readonly changed: string | null;
  readonly dropped: string | null;
  readonly pieces: AsyncGenerator<Piece, void>;
}

/** Raises Problem for a refusal; while reading, StreamedError and StreamCut. */
export async function chat(
  model: string,
  prompt: string,
  signal: AbortSignal,
): Promise<ChatAnswer> {
  const response = await fetch("/v1/chat/completions", {
    method: "POST",
    headers: { ...PROOF, "content-type": "application/json" },
    body: JSON.stringify({
      model,
      messages: [{ role: "user", content: prompt }],
      stream: true,
      stream_options: { include_usage: true },
    }),
    signal,
  });
  if (!response.ok) throw problemOf(await response.json().catch(() => null), response.status);
  if (response.body === null) throw new Problem("", null, "", response.status);
  return {
    servedBy: response.headers.get("x-bodhi-alias"),
    changed: response.headers.get("x-bodhi-changed"),
    dropped: response.headers.get("x-bodhi-dropped"),
    pieces: pieces(response.body),
  };
}
