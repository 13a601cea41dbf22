import { describe, expect, test } from "vitest";

import { positionOf, type Scale, scaleOf, stepped, valueAt } from "./scale.ts";

const TEMPERATURE: Scale = { low: 0, high: 2, step: 0.05, log: false };
const CONTEXT: Scale = { low: 32, high: 131072, step: 1, log: true };
const TOP_K: Scale = { low: 0, high: 256, step: 1, log: true };
const PENALTY: Scale = { low: -2, high: 2, step: 0.1, log: false };
const ALL = [TEMPERATURE, CONTEXT, TOP_K, PENALTY];

test.each(ALL)("every value that a track has is found again where it lies (%o)", (scale) => {
  let value = scale.low;
  for (;;) {
    expect(valueAt(scale, positionOf(scale, value))).toBe(value);
    const next = stepped(scale, value, 1);
    if (next === value) break;
    expect(next).toBeGreaterThan(value);
    expect(stepped(scale, next, -1)).toBe(value);
    value = next;
  }
  expect(value).toBe(scale.high);
});

describe("powers of two", () => {
  test("each doubling is as long as the one before", () => {
    const at = (value: number) => positionOf(CONTEXT, value);
    expect(at(8192) - at(4096)).toBeCloseTo(at(65536) - at(32768));
  });

  test("the usual context sizes lie on the track", () => {
    for (const size of [2048, 4096, 8192, 16384, 32768]) {
      expect(valueAt(CONTEXT, positionOf(CONTEXT, size))).toBe(size);
    }
  });
});

test("what lies beyond the track is drawn at its end", () => {
  expect(positionOf(TEMPERATURE, 9)).toBe(1);
  expect(positionOf(CONTEXT, 0)).toBe(0);
});

test("tenths stay tenths", () => {
  expect(stepped(PENALTY, 0.1, 2)).toBe(0.3);
  expect(valueAt(TEMPERATURE, 0.475)).toBe(0.95);
});

describe("the track of a row", () => {
  const row = { kind: "integer", scale: "log2", step: 1, stops: [1, 40, 128] as const };

  test("it ends near the marks where the limit is far away", () => {
    const far = { low: { value: 0 }, high: { value: 1_000_000, is_limit: true } };
    expect(scaleOf({ ...row, ...far })?.high).toBe(256);
  });

  test("it goes on for one power of two beyond the model's own bound, which is no limit", () => {
    const bound = { low: { value: 0 }, high: { value: 32768, is_limit: false } };
    expect(scaleOf({ ...row, ...bound })?.high).toBe(65536);
    expect(scaleOf({ ...row, ...bound, scale: "linear" })?.high ?? 32768).toBe(32768);
  });

  test("there is none for numbers that nobody finds by dragging", () => {
    const seed = { low: { value: 0 }, high: { value: 2 ** 32 - 1, is_limit: true } };
    expect(scaleOf({ ...row, ...seed, scale: "linear", stops: [] })).toBeNull();
  });
});
