import { expect, test } from "vitest";

import { completionsOf, type Vocabulary, withCompletion } from "./complete.ts";

const known: Vocabulary = {
  fields: {
    family: new Map([
      ["llama", 3],
      ["qwen 2", 9],
    ]),
    file: new Map(),
    state: new Map([["error", 1]]),
  },
  numbers: [{ name: "temp", what: "Temperature" }],
  figures: { temp: ["0.2", "0.7"], used: ["1d", "7d"] },
  flags: ["pinned"],
};
const terms = (typed: string, caret = typed.length) =>
  completionsOf(typed, caret, known).map(({ term }) => term);

test("a beginning becomes names of fields, parameters and flags", () => {
  expect(terms("f")).toEqual(["family:", "file:"]);
  expect(terms("te")).toEqual(["temp>"]);
  expect(terms("coder p")).toEqual(["pinned"]);
  expect(terms("temper")).toEqual(["temp>"]);
});

test("after a field come its values, the most frequent first, quoted where they need it", () => {
  expect(terms("family:")).toEqual(['family:"qwen 2"', "family:llama"]);
  expect(terms("-family:ll")).toEqual(["-family:llama"]);
  expect(terms('family:"qwen')).toEqual(['family:"qwen 2"']);
});

test("after a sign come the figures that aliases have", () => {
  expect(terms("temp>")).toEqual(["temp>0.2", "temp>0.7"]);
  expect(terms("used<7")).toEqual(["used<7d"]);
});

test("what is complete, and what is only words, offers nothing", () => {
  expect(terms("state:error")).toEqual([]);
  expect(terms("llama3:instruct")).toEqual([]);
  expect(terms("zzz")).toEqual([]);
  expect(terms("temp ")).toEqual([]);
});

test("the term at the caret is replaced, whatever stands behind it", () => {
  const [one] = completionsOf("fam coder", 3, known);
  expect(one && withCompletion("fam coder", 3, one)).toEqual({ typed: "family:coder", caret: 7 });
  const [value] = completionsOf("state:", 6, known);
  expect(value && withCompletion("state:", 6, value)).toEqual({ typed: "state:error ", caret: 12 });
});
