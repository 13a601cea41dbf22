import { expect, test } from "vitest";

import { fileNameOf } from "./fileName.ts";

test.each([
  ["llama3:instruct", "llama3--instruct.yaml"],
  ["a/b", "a--b.yaml"],
  ["a--b", "a--b.yaml"],
  [" coder ", "coder.yaml"],
])("%s is kept in %s", (name, file) => {
  expect(fileNameOf(name)).toBe(file);
});
