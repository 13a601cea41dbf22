import { expect, test } from "vitest";

import { beyond, readNumber } from "./numberText.ts";

const NUMBER = { integer: false, words: [] };

test.each([
  ["0.05", 0.05],
  ["1e-3", 0.001],
  ["0,7", 0.7],
  [".5", 0.5],
  ["-1", -1],
  [" 2.5 ", 2.5],
])("%j is a number", (text, value) => {
  expect(readNumber(text, NUMBER)).toEqual({ kind: "value", value });
});

test.each(["abc", "1.2.3", "--1", "0x10", "1,000.5", "∞", "1e999"])("%j is none", (text) => {
  expect(readNumber(text, NUMBER)).toEqual({ kind: "wrong", why: "number" });
});

test("an empty field is no zero", () => {
  expect(readNumber("  ", NUMBER)).toEqual({ kind: "empty" });
  expect(readNumber("0", NUMBER)).toEqual({ kind: "value", value: 0 });
});

test("half a token is refused, not rounded", () => {
  expect(readNumber("0.5", { integer: true, words: [] })).toEqual({
    kind: "wrong",
    why: "integer",
  });
});

test("words are taken where there are some", () => {
  expect(readNumber("Auto", { integer: true, words: ["auto"] })).toEqual({
    kind: "value",
    value: "auto",
  });
  expect(readNumber("auto", NUMBER).kind).toBe("wrong");
});

const RANGE = {
  low: { value: 1, reason: "the lowest that is taken", is_limit: true },
  high: { value: 32768, reason: "trained context", is_limit: false },
  specials: [{ value: 0 }],
};

test("a limit is an error, a bound of the model a warning, and a special value neither", () => {
  expect(beyond(RANGE, -5)).toMatchObject({ end: "low", severity: "error", nearest: 1 });
  expect(beyond(RANGE, 40000)).toMatchObject({
    end: "high",
    severity: "warning",
    reason: "trained context",
  });
  expect(beyond(RANGE, 0)).toBeNull();
  expect(beyond(RANGE, 4096)).toBeNull();
  expect(beyond(RANGE, "auto")).toBeNull();
});
