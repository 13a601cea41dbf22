import { expect, test } from "vitest";

import { allSteps } from "./series.ts";

const HOUR = 3_600;

test("hours without requests are there, too", () => {
  const busy = { at: 2 * HOUR, requests: 7, failed: 1 };
  const steps = allSteps([busy], { start: 0, end: 4 * HOUR, every: "hour" });
  expect(steps.map((step) => step.requests)).toEqual([0, 0, 7, 0]);
  expect(steps[2]).toBe(busy);
});

test("an hour that has only begun counts as one", () => {
  expect(allSteps([], { start: 100, end: HOUR + 1, every: "hour" })).toHaveLength(2);
});

test("a span without time has no steps", () => {
  expect(allSteps([], { start: HOUR, end: HOUR, every: "hour" })).toEqual([]);
});
