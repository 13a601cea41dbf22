import { expect, test } from "vitest";

import { kindOf, OWN_BEGINS } from "./templateKind.ts";

test.each([
  [null, "embedded"],
  ["embedded", "embedded"],
  ["embedded:tool_use", "embedded"],
  ["llama3", "builtin"],
  ["file:mine", "file"],
  ["owner/name", "repository"],
  ["owner/name:tool_use", "repository"],
  ["{{ messages }}", "own"],
  [OWN_BEGINS, "own"],
] as const)("%s is %s", (declared, kind) => {
  expect(kindOf(declared, ["llama3"])).toBe(kind);
});
