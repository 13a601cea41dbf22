import { expect, test } from "vitest";

import { marksUpTo, roundUp, runsOf, spread } from "./axis.ts";

test.each([
  [0, 1],
  [1, 1],
  [3, 3],
  [7, 8],
  [10, 10],
  [11, 15],
  [156, 200],
  [0.033, 0.04],
  [243, 250],
  [48_321, 50_000],
])("an axis that must hold %d ends at %d", (most, top) => {
  expect(roundUp(most)).toBeCloseTo(top, 9);
});

test("marks are numbers that can be counted", () => {
  expect(marksUpTo(1)).toEqual([0, 1]);
  expect(marksUpTo(20)).toEqual([0, 10, 20]);
  expect(marksUpTo(5)).toEqual([0, 5]);
});

test("labels are spread evenly from the first step", () => {
  expect(spread(24, 6)).toEqual([0, 4, 8, 12, 16, 20]);
  expect(spread(7, 8)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(spread(0, 6)).toEqual([]);
});

test("a gap ends a run, and a zero does not", () => {
  expect(runsOf([null, 1, 0, null, null, 3])).toEqual([
    { from: 1, values: [1, 0] },
    { from: 5, values: [3] },
  ]);
  expect(runsOf([null])).toEqual([]);
});
