import { expect, test } from "vitest";

import { count, counted } from "./messages.en.ts";

test("numbers are grouped as Intl groups them", () => {
  for (const n of [
    0, 7, 12, 999, 1000, 1001, 12_345, 999_999, 1_000_000, 1_234_567_890, -1, -1234, 0.5, 1234.125,
  ])
    expect(count(n)).toBe(n.toLocaleString("en"));
});

test("one is one, and everything else is many", () => {
  expect([0, 1, 2, 1000].map((n) => counted(n, "alias", "aliases"))).toEqual([
    "0 aliases",
    "1 alias",
    "2 aliases",
    "1,000 aliases",
  ]);
});
