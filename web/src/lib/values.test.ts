import { expect, test } from "vitest";

import { valueText } from "./values.ts";

test.each([
  [0, "0"],
  [0.7, "0.7"],
  [false, "false"],
  ["", "“”"],
  [" User:, ", "“ User:, ”"],
  ["\n\n", "“\\n\\n”"],
  [[], "[]"],
  [["a", "\t"], "[“a”, “\\t”]"],
])("%j reads %s", (value, words) => {
  expect(valueText(value)).toBe(words);
});
