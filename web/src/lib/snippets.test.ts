import { expect, test } from "vitest";

import { curlOf, pythonOf } from "./snippets.ts";

test("a name with a quote stays one word of the shell", () => {
  expect(curlOf("http://h", "it's")).toContain(`"model":"it'\\''s"`);
});

test("both name the address and the alias", () => {
  for (const text of [curlOf("http://h:1", "a:b"), pythonOf("http://h:1", "a:b")]) {
    expect(text).toContain("http://h:1/v1");
    expect(text).toContain('"a:b"');
  }
});
