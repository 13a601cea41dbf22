import { expect, test } from "vitest";

import { clockOf, fieldOf, secondsOf } from "./localTime.ts";

test("a time goes into a field and comes back", () => {
  const at = 1_764_003_600;
  expect(secondsOf(fieldOf(at))).toBe(at);
  expect(secondsOf("")).toBeNull();
  expect(secondsOf("soon")).toBeNull();
});

test("a clock counts to 24 wherever the device is", () => {
  const at = (hour: number) => new Date(2026, 10, 25, hour, 5).getTime() / 1000;
  expect([0, 9, 12, 21].map((hour) => clockOf(at(hour)))).toEqual([
    "00:05",
    "09:05",
    "12:05",
    "21:05",
  ]);
});
