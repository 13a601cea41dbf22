import { describe, expect, test } from "vitest";

import { type Lately, parseFilter, type Searchable } from "./filter.ts";

const FIELDS = ["family", "source"];

function item(parameters: Record<string, unknown> = {}, text = "llama3:instruct"): Searchable {
  return {
    text,
    fields: { family: "Llama", source: "user" },
    parameters: new Map(Object.entries(parameters)),
    numbers: { size: 5 * 2 ** 30, version: null },
  };
}

const LATELY: Lately = { flags: new Set(["pinned"]), ages: { used: 3600, modified: null } };

function matches(typed: string, one: Searchable = item()): boolean {
  return parseFilter(typed, FIELDS).matches(one, () => LATELY);
}

describe("words", () => {
  test("an empty search matches everything", () => {
    expect(matches("  ")).toBe(true);
  });

  test("every word has to occur, whatever its case", () => {
    expect(matches("LLAMA instr")).toBe(true);
    expect(matches("llama coder")).toBe(false);
  });

  test("a name with a colon is found as it is typed", () => {
    expect(matches("llama3:ins")).toBe(true);
    expect(parseFilter("llama3:ins", FIELDS).unknown).toEqual([]);
  });

  test("quotes hold blanks together", () => {
    expect(matches('"two words"', item({}, "has two words"))).toBe(true);
    expect(matches('"two words"', item({}, "two, or more words"))).toBe(false);
  });
});

describe("fields", () => {
  test("a field looks at that field alone", () => {
    expect(matches("family:llama")).toBe(true);
    expect(matches("source:llama")).toBe(false);
  });

  test("a minus turns a term round", () => {
    expect(matches("-family:llama")).toBe(false);
    expect(matches("-family:qwen")).toBe(true);
  });
});

describe("parameters", () => {
  test.each([
    ["temp>0.7", 0.8, true],
    ["temp>0.7", 0.7, false],
    ["temp>=0.7", 0.7, true],
    ["temp<1", 0.7, true],
    ["temperature=0", 0, true],
    ["temp<=0", 0.1, false],
  ])("%s with %d is %s", (typed, temperature, expected) => {
    expect(matches(typed, item({ temperature }))).toBe(expected);
  });

  test("k and m stand for powers of 1024, as context sizes do", () => {
    expect(matches("ctx>=8k", item({ n_ctx: 8192 }))).toBe(true);
    expect(matches("ctx>=8k", item({ n_ctx: 8000 }))).toBe(false);
  });

  test("what is not set matches no comparison", () => {
    expect(matches("temp<5")).toBe(false);
    expect(matches("set:temp")).toBe(false);
    expect(matches("set:temp", item({ temperature: 0 }))).toBe(true);
  });
});

describe("what is known beside parameters", () => {
  test.each([
    ["pinned", true],
    ["is:pinned", true],
    ["active-now", false],
    ["-active-now", true],
    ["used<2h", true],
    ["used>1d", false],
    ["modified<9w", false],
    ["size>4g", true],
    ["version>=1", false],
  ])("%s is %s", (typed, expected) => {
    expect(matches(typed)).toBe(expected);
  });
});

test.each(["temp>warm", "used<7x", "used=1d", "is:nonsense", "nonsense>1", "set:nonsense"])(
  "%s is reported, not dropped",
  (typed) => {
    expect(parseFilter(`llama ${typed}`, FIELDS).unknown).toEqual([typed]);
  },
);

test("what changes without the item is asked for by those terms alone that want it", () => {
  let asked = 0;
  const lately = (): Lately => {
    asked += 1;
    return LATELY;
  };
  expect(parseFilter("llama family:llama size>1g", FIELDS).matches(item(), lately)).toBe(true);
  expect(asked).toBe(0);
  expect(parseFilter("llama used<2h pinned", FIELDS).matches(item(), lately)).toBe(true);
  expect(asked).toBe(2);
});
