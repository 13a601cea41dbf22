import { expect, test } from "vitest";

import {
  byNumber,
  byText,
  formatSort,
  groupedRows,
  nextSort,
  parseSort,
  sortedBy,
} from "./rows.ts";

const items = [
  { name: "b2", family: "qwen" },
  { name: "a10", family: "llama" },
  { name: "a9", family: "llama" },
];
const COLUMNS = ["name", "family"] as const;

test("groups come in the order of their names, items in the order given", () => {
  const rows = groupedRows(items, (item) => [item.family], new Set());
  expect(rows.map((row) => (row.kind === "group" ? row.key : row.item.name))).toEqual([
    "llama",
    "a10",
    "a9",
    "qwen",
    "b2",
  ]);
});

test("a folded group keeps its count and hides its items", () => {
  const [first, second] = groupedRows(items, (item) => [item.family], new Set(["llama"]));
  const llamas = items.slice(1);
  expect(first).toEqual({ kind: "group", key: "llama", count: 2, folded: true, items: llamas });
  expect(second).toMatchObject({ kind: "group", key: "qwen" });
});

test("an item may stand under several groups", () => {
  const rows = groupedRows(items.slice(0, 1), () => ["one", "two"], new Set());
  expect(rows.map((row) => (row.kind === "group" ? row.key : row.group))).toEqual([
    "one",
    "one",
    "two",
    "two",
  ]);
});

test("without groups there are only items", () => {
  expect(groupedRows(items, null, new Set(["llama"]))).toHaveLength(3);
});

test("numbers in names count as numbers", () => {
  expect(["a10", "a9", "A1"].sort(byText)).toEqual(["A1", "a9", "a10"]);
});

test("unknown numbers come last", () => {
  expect([null, 2, 1, null].sort(byNumber)).toEqual([1, 2, null, null]);
});

test("several columns decide in their order", () => {
  const sorted = sortedBy(items, parseSort("-family,name", COLUMNS), {
    name: (a, b) => byText(a.name, b.name),
    family: (a, b) => byText(a.family, b.family),
  });
  expect(sorted.map((item) => item.name)).toEqual(["b2", "a9", "a10"]);
});

test("an address keeps its sort, without columns that do not exist", () => {
  expect(formatSort(parseSort("-family,nonsense,name", COLUMNS))).toBe("-family,name");
});

test("a header goes up, down, off; with Shift the others stay", () => {
  const up = nextSort([], "name", false);
  expect(formatSort(up)).toBe("name");
  const down = nextSort(up, "name", false);
  expect(formatSort(down)).toBe("-name");
  expect(formatSort(nextSort(down, "name", false))).toBe("");
  expect(formatSort(nextSort(down, "family", true))).toBe("-name,family");
  expect(formatSort(nextSort(down, "family", false))).toBe("family");
});
