import { expect, test } from "vitest";

import { wordDiff } from "./wordDiff.ts";

const joined = (before: string, after: string) => {
  const parts = wordDiff(before, after);
  const side = (left: string) =>
    parts
      .filter(({ kind }) => kind !== left)
      .map(({ text }) => text)
      .join("");
  return { before: side("added"), after: side("removed"), parts };
};

test("a word that differs is told apart, and what is around it is the same", () => {
  expect(wordDiff("The cat sat.", "The dog sat.")).toEqual([
    { kind: "same", text: "The " },
    { kind: "removed", text: "cat" },
    { kind: "added", text: "dog" },
    { kind: "same", text: " sat." },
  ]);
});

test("equal texts have one part, and nothing has none", () => {
  expect(wordDiff("a b", "a b")).toEqual([{ kind: "same", text: "a b" }]);
  expect(wordDiff("", "")).toEqual([]);
});

test("whatever the texts are, the parts make both of them again", () => {
  const words = ["a", "b", " ", "\n", "ü", "猫", ".", "code", "!"];
  let state = 7;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
  const text = () => Array.from({ length: next(30) }, () => words[next(words.length)]).join("");
  for (let round = 0; round < 500; round += 1) {
    const [before, after] = [text(), text()];
    expect(joined(before, after)).toMatchObject({ before, after });
  }
});

test("texts of thousands of words are compared at their ends alone", () => {
  const before = `same ${"x ".repeat(5_000)}end`;
  const after = `same ${"y ".repeat(5_000)}end`;
  const { parts, ...sides } = joined(before, after);
  expect(sides).toEqual({ before, after });
  expect(parts.map(({ kind }) => kind)).toEqual(["same", "removed", "added", "same"]);
});
