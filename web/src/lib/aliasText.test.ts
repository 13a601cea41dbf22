import { expect, test } from "vitest";

import { withName, withoutEntry } from "./aliasText.ts";

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

const FILE = `alias: a
context_params: # mine
  n_ctx: 512
  swift: |
    one

    two
  "--odd":
  - 1
  - 2

  n_keep: 3
request_params: {top: 1}
`;

test("an entry goes with all that belongs to it, and nothing else does", () => {
  expect(withoutEntry(FILE, 4)).toBe(FILE.replace("  swift: |\n    one\n\n    two\n", ""));
  expect(withoutEntry(FILE, 8)).toBe(FILE.replace('  "--odd":\n  - 1\n  - 2\n', ""));
  expect(withoutEntry(FILE, 12)).toBe(FILE.replace("  n_keep: 3\n", ""));
});

test("a flag of a list goes with its value, whether or not it is an item of its own", () => {
  const flags = "context_params:\n- --a 1 # why\n- '--b'\n- '-1'\n- --c\n";
  expect(withoutEntry(flags, 2)).toBe(flags.replace("- --a 1 # why\n", ""));
  expect(withoutEntry(flags, 3)).toBe(flags.replace("- '--b'\n- '-1'\n", ""));
  expect(withoutEntry(flags, 5)).toBe(flags.replace("- --c\n", ""));
});

test.each([1, 2, 13, 99])("line %i has no entry of its own", (line) => {
  expect(withoutEntry(FILE, line)).toBeNull();
});
