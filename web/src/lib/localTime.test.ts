import { expect, test } from "vitest";

import { fieldOf, secondsOf } from "./localTime.ts";

test("a time goes into a field and comes back", () => {
  const at = 1_764_003_600;
  expect(secondsOf(fieldOf(at))).toBe(at);
  expect(secondsOf("")).toBeNull();
  expect(secondsOf("soon")).toBeNull();
});
