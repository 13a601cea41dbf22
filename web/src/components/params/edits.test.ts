import { describe, expect, test } from "vitest";

import type { Parameter, Rung, SetParameter } from "@/api/types.ts";

import {
  changedKeys,
  editsBetween,
  keptBelow,
  sectionsOf,
  type Settings,
  settingsIn,
  settingsOf,
  withSetting,
} from "./edits.ts";
import { type Setting, UNSET, withMode, withValue } from "./setting.ts";

const PARAMS = [
  { key: "temperature", section: "request_params" },
  { key: "stop", section: "request_params" },
  { key: "n_ctx", section: "context_params" },
] as unknown as readonly Parameter[];
const NONE: Settings = new Map();
const value = (of: unknown): Setting => ({ mode: "default", value: of, bounds: null });

describe("unset, zero, false, an empty text and an empty list are five things", () => {
  test.each([0, false, "", [], undefined])("%j", (of) => {
    const after = withSetting(NONE, "stop", of === undefined ? UNSET : value(of));
    const edits = editsBetween(NONE, after, PARAMS);
    expect(edits).toEqual(
      of === undefined ? [] : [{ path: ["request_params", "stop"], value: of }],
    );
  });
});

test("what the server says again is the same object, and what it says anew is not", () => {
  const rung = (value: number) => ({ layer: "engine default", value }) as Rung;
  const before = new Map([
    ["temperature", rung(0.8)],
    ["top_k", rung(40)],
  ]);
  const again = new Map([...before].map(([key, one]) => [key, { ...one }]));
  expect(keptBelow(before, again)).toBe(before);
  const anew = keptBelow(before, new Map([...again, ["top_k", rung(20)]]));
  expect(anew.get("temperature")).toBe(before.get("temperature"));
  expect(anew.get("top_k")).toEqual(rung(20));
  expect([...keptBelow(before, new Map([["top_k", rung(40)]])).keys()]).toEqual(["top_k"]);
});

test("a value that is changed and changed back is no change", () => {
  const there = withSetting(NONE, "temperature", value(0.7));
  const back = withSetting(there, "temperature", UNSET);
  expect(changedKeys(NONE, back)).toEqual([]);
  expect(editsBetween(NONE, back, PARAMS)).toEqual([]);
});

test("taking a value away removes its policy with it", () => {
  const before = withSetting(NONE, "temperature", { ...value(0.7), mode: "enforce" });
  expect(editsBetween(before, NONE, PARAMS)).toEqual([
    { path: ["request_params", "temperature"], value: null },
    { path: ["request_policy", "temperature"], value: null },
  ]);
});

test("a clamp needs no value of its own", () => {
  const start = { inherited: 0.8, low: 0, high: 2 };
  const clamp = withMode(UNSET, "clamp", start);
  expect(editsBetween(NONE, withSetting(NONE, "temperature", clamp), PARAMS)).toEqual([
    { path: ["request_policy", "temperature"], value: { clamp: [0, 2] } },
  ]);
});

test("setting a parameter begins with the value that applies, so nothing changes yet", () => {
  const start = { inherited: 0.6, low: 0, high: 2 };
  expect(withMode(UNSET, "default", start).value).toBe(0.6);
  expect(withMode(UNSET, "enforce", start).value).toBe(0.6);
});

test("another value keeps the mode", () => {
  expect(withValue({ mode: "enforce", value: 1, bounds: null }, 0.5).mode).toBe("enforce");
  expect(withValue(UNSET, 0.5).mode).toBe("default");
});

test("what the server lists is what the controls hold", () => {
  const set = [
    { key: "temperature", value: null, mode: "clamp", bounds: [0, 0.5] },
    { key: "n_ctx", value: 8192, mode: "default", bounds: null },
  ] as unknown as readonly SetParameter[];
  expect([...settingsOf(set)]).toEqual([
    ["temperature", { mode: "clamp", value: undefined, bounds: [0, 0.5] }],
    ["n_ctx", { mode: "default", value: 8192, bounds: null }],
  ]);
});

const ALL = [
  ...PARAMS,
  { key: "top_p", section: "request_params" },
  { key: "seed", section: "request_params" },
] as unknown as readonly Parameter[];

test("a preset goes into the rows and comes back as it was", () => {
  const preset = {
    context_params: { n_ctx: 0 },
    request_params: { temperature: 0.2, seed: 7 },
    request_policy: { seed: "enforce", temperature: { clamp: [0, 0.5] }, top_p: { clamp: [0, 1] } },
  };
  const settings = settingsIn(preset);
  expect(settings.get("n_ctx")).toEqual({ mode: "default", value: 0, bounds: null });
  expect(settings.get("temperature")?.mode).toBe("clamp");
  expect(settings.get("seed")?.mode).toBe("enforce");
  expect(sectionsOf(settings, ALL)).toEqual(preset);
});
