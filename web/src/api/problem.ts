// What went wrong, in the server's own words where it has some.

import { StreamCut } from "@/lib/serverEvents.ts";
import { t } from "@/messages.en.ts";

export class Problem extends Error {
  override name = "Problem";
  readonly remedy: string | null;
  readonly code: string;
  readonly status: number;
  /** Where in a text that was sent, from 1; null where that is not known, or there was none. */
  readonly line: number | null;
  readonly column: number | null;
  /** Which part of what was asked is wrong, as a JSON pointer; null where it is no part. */
  readonly pointer: string | null;

  constructor(
    message: string,
    remedy: string | null,
    code: string,
    status = 0,
    place: readonly [line: number | null, column: number | null] = [null, null],
    pointer: string | null = null,
  ) {
    super(message);
    this.remedy = remedy;
    this.code = code;
    this.status = status;
    [this.line, this.column] = place;
    this.pointer = pointer;
  }
}

/** The envelope of an error answer, or of an error event. */
export function problemOf(body: unknown, status = 0): Problem {
  const error = field(body, "error");
  const message = field(error, "message");
  const remedy = field(error, "remedy");
  const code = field(error, "code");
  if (typeof message !== "string")
    return new Problem(t.broken.message, t.broken.remedy, "", status);
  const help = typeof remedy === "string" ? remedy : null;
  // The envelope's message ends with the remedy, for clients that show the message alone.
  const fact = help !== null && message.endsWith(help) ? message.slice(0, -help.length) : message;
  const place = [numberIn(error, "line"), numberIn(error, "column")] as const;
  const found = field(error, "pointer");
  const pointer = typeof found === "string" ? found : null;
  const name = typeof code === "string" ? code : "";
  return new Problem(fact.trim(), help, name, status, place, pointer);
}

function numberIn(value: unknown, name: string): number | null {
  const found = field(value, name);
  return typeof found === "number" ? found : null;
}

/** Anything that was thrown, as something that can be shown. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof StreamCut) return new Problem(t.cut.message, t.cut.remedy, "cut");
  // fetch has one error for everything that happens before an answer.
  if (thrown instanceof TypeError)
    return new Problem(t.offline.message, t.offline.remedy, "offline");
  return new Problem(t.broken.message, t.broken.remedy, "");
}

/** The fact and what helps, where there is one line for both. */
export function inOneLine({ message, remedy }: Pick<Problem, "message" | "remedy">): string {
  return remedy === null ? message : `${message} ${remedy}`;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
