// The typed client of the control plane. Everything the page knows comes through here.

import createClient from "openapi-fetch";

import { Problem, problemOf } from "./problem.ts";
import type { paths } from "./schema.d.ts";

// A browser sends the session's cookie whoever asks; only the page itself can add this header.
const PROOF = { "x-bodhi-csrf": "1" };

export const client = createClient<paths>({ baseUrl: "/", headers: PROOF });

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The answer's data, or a Problem thrown. */
export async function dataOf<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok || data === undefined) throw problemOf(error, response.status);
  return data;
}

/** Of an answer that could also be asked for as text, the JSON. */
export async function jsonOf<T>(asked: Promise<T | string>): Promise<Exclude<T, string>> {
  const answer = await asked;
  if (typeof answer === "string") throw new Problem("", null, "", 200);
  return answer as Exclude<T, string>;
}

export { Problem, PROOF };
