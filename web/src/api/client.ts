// The typed client of the control plane. Everything the page knows comes through here.

import createClient from "openapi-fetch";

import { Problem, problemOf } from "./problem.ts";
import type { paths } from "./schema.d.ts";

export const client = createClient<paths>({ baseUrl: "/" });

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

export { Problem };
