import { expect, test } from "vitest";

import { escaped, unescaped, visible } from "./escapes.ts";

const TEXTS = ["\n\n", " User:, ", "<|eot_id|>", "\t", "\\n", "\\", "\\\\n", "a\r\nb", "猫", ""];

test.each(TEXTS)("%j comes back as it was", (text) => {
  expect(unescaped(escaped(text))).toBe(text);
  expect(escaped(text)).not.toMatch(/[\n\r\t]/);
});

test("every text of four letters that matter comes back as it was", () => {
  const letters = ["\\", "n", "\n", " "];
  const texts = letters.flatMap((a) =>
    letters.flatMap((b) => letters.flatMap((c) => letters.map((d) => a + b + c + d))),
  );
  expect(texts.filter((text) => unescaped(escaped(text)) !== text)).toEqual([]);
});

test("a line break and the letters backslash and n are told apart", () => {
  expect(escaped("\n")).not.toBe(escaped("\\n"));
});

test("blanks can be seen", () => {
  expect(visible(" User: ")).toBe("·User:·");
});
