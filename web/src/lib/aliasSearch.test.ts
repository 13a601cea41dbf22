import { expect, test } from "vitest";

import { readAliasSearch } from "./aliasSearch.ts";

test("what is the default is not kept in the address", () => {
  expect(readAliasSearch({ q: "", group: "family", source: "all", sort: "" })).toEqual({});
});

test("cards are asked for, a table is what comes without asking", () => {
  expect(readAliasSearch({ view: "cards" })).toEqual({ view: "cards" });
  expect(readAliasSearch({ view: "table" })).toEqual({});
  expect(readAliasSearch({ view: "heap" })).toEqual({});
});

test("what an address may not hold is left out, the rest is kept", () => {
  const raw = { q: 7, group: "nonsense", source: "user", sort: "-size,evil", sel: { a: 1 } };
  expect(readAliasSearch(raw)).toEqual({ q: "7", source: "user", sort: "-size" });
});
