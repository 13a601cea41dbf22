import { expect, test } from "vitest";

import { presetNameOf } from "./fileName.ts";

test.each([
  ["coding.yaml", "coding"],
  ["My Coding (2).yml", "my-coding-2"],
  ["..", ""],
  ["a".repeat(90), "a".repeat(64)],
])("the file %s is the preset %s", (file, name) => {
  expect(presetNameOf(file)).toBe(name);
});
