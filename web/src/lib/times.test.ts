import { expect, test } from "vitest";

import { stepMark } from "./times.ts";

test("a day is named as it is counted, wherever the device is", () => {
  expect(stepMark(20_000 * 86_400, "day")).toBe("Oct 4");
});

test("midnight begins a day and does not end one", () => {
  const midnight = new Date(2026, 10, 25).getTime() / 1000;
  expect(stepMark(midnight, "hour")).toBe("00:00");
});
