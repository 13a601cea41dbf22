import { expect, test } from "vitest";

import { fieldOf, secondsOf, stepMark } from "./times.ts";

test("a day is named as it is counted, wherever the device is", () => {
  expect(stepMark(20_000 * 86_400, "day")).toBe("Oct 4");
});

test("a time goes into a field and comes back", () => {
  const at = 1_764_003_600;
  expect(secondsOf(fieldOf(at))).toBe(at);
  expect(secondsOf("")).toBeNull();
  expect(secondsOf("soon")).toBeNull();
});
