import { expect, test } from "vitest";

import { bestMatches } from "./ranking.ts";

const names = ["my-coder", "decoder", "coder:fast", "chat"];
const best = (typed: string, limit = 9) => bestMatches(names, (name) => name, typed, limit);

test("a name that begins so comes before one with a word that does, and that before the rest", () => {
  expect(best("coder")).toEqual(["coder:fast", "my-coder", "decoder"]);
});

test("every typed word has to occur", () => {
  expect(best("fast coder")).toEqual(["coder:fast"]);
  expect(best("fast chat")).toEqual([]);
});

test("nothing typed gives the first ones", () => {
  expect(best("", 2)).toEqual(["my-coder", "decoder"]);
});
