import { expect, test } from "vitest";

import { ago, bytes, duration, rate } from "./units.ts";

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [1_048_575, "1.0 MiB"],
  [1_321_082_528, "1.2 GiB"],
  [48_000_000_000, "44.7 GiB"],
  [2 ** 50, "1024.0 TiB"],
])("a size of %d bytes reads %s", (count, words) => {
  expect(bytes(count)).toBe(words);
});

test.each([
  [8.4, "8 ms"],
  [999.6, "1.0 s"],
  [1349, "1.3 s"],
  [59_960, "1 min 0 s"],
  [125_000, "2 min 5 s"],
])("%d milliseconds read %s", (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});

test.each([
  [0.5, "0.50"],
  [42.31, "42.3"],
  [1234.5, "1,235"],
])("a rate of %d reads %s", (perSecond, words) => {
  expect(rate(perSecond)).toBe(words);
});

test.each([
  [0, "now"],
  [59, "now"],
  [60, "1 min. ago"],
  [7200, "2 hr. ago"],
  [86_400 * 3, "3 days ago"],
  [86_400 * 400, "1 yr. ago"],
  [-50, "now"],
])("%d seconds ago read %s", (seconds, words) => {
  expect(ago(1_000_000_000 - seconds, 1_000_000_000, "now")).toBe(words);
});
