import { expect, test } from "vitest";

import { sharesOf } from "./archives.ts";

const named = (count: number) => Array.from({ length: count }, (_, number) => `a${number}`);

test("a thousand aliases are one archive, and what is more goes into the next", () => {
  expect(sharesOf([])).toEqual([]);
  expect(sharesOf(named(2))).toEqual([{ file: "bodhi-aliases.zip", ids: ["a0", "a1"] }]);
  expect(sharesOf(named(1000))).toHaveLength(1);
  const shares = sharesOf(named(2001));
  expect(shares.map(({ file }) => file)).toEqual([
    "bodhi-aliases.zip",
    "bodhi-aliases-2.zip",
    "bodhi-aliases-3.zip",
  ]);
  expect(shares.flatMap(({ ids }) => ids)).toEqual(named(2001));
});
