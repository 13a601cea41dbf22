import { expect, test } from "vitest";

import type { EffectiveValue } from "@/api/types.ts";

import { comparedRows, laneOf, saidOf, triedOf } from "./lanes.ts";

test.each(["demo", "llama3:instruct@3", "draft:0b9f", "owner/repo:Q8_0", "odd@name"])(
  "%s is read and written alike",
  (said) => {
    expect(saidOf(laneOf(said))).toBe(said);
  },
);

test("a draft is tried by its id, everything else by its name", () => {
  expect(triedOf("draft:7")).toEqual({ draft_id: "7" });
  expect(triedOf("demo@2")).toEqual({ alias: "demo@2" });
  expect(laneOf("demo@2")).toEqual({ kind: "version", name: "demo", version: 2 });
});

const value = (key: string, one: unknown) => ({ key, label: key, value: one }) as EffectiveValue;

test("a parameter differs where any side has another value, or none", () => {
  const rows = comparedRows([
    [value("top_k", 7), value("stop", ["a"])],
    [value("top_k", 8), value("stop", ["a"])],
  ]);
  expect(rows.map(({ key, differs }) => [key, differs])).toEqual([
    ["top_k", true],
    ["stop", false],
  ]);
  expect(comparedRows([[value("top_k", 7)], null])[0]).toMatchObject({ differs: true });
});
