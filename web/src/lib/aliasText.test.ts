import { expect, test } from "vitest";

import { withName } from "./aliasText.ts";

test("only the name changes", () => {
  expect(withName("# mine\r\nalias: 'a'  # b\r\nrepo: x/y\r\n", "c:d")).toBe(
    "# mine\r\nalias: c:d  # b\r\nrepo: x/y\r\n",
  );
});

test.each(["", "null", "a: b", "a:", "#", "1.5", "ä"])(
  "%j is written so that it is that text",
  (name) => {
    expect(withName("alias: a\n", name)).toBe(`alias: ${JSON.stringify(name)}\n`);
  },
);

test("a text without a name gets one", () => {
  expect(withName("repo: x/y\n", "a")).toBe("alias: a\nrepo: x/y\n");
});
