import { expect, test } from "vitest";

import { tokensOf } from "./highlight.ts";

function marked(code: string, name: string): string[] {
  return (tokensOf(code, name) ?? [])
    .filter(({ kind }) => kind !== null)
    .map(({ kind, text }) => `${kind ?? ""} ${text}`);
}

test("comments, texts, numbers and keywords are told apart", () => {
  expect(marked('def f(x):  # why\n    return "a\\"b" + 0x1f', "python")).toEqual([
    "keyword def",
    "comment # why",
    "keyword return",
    'string "a\\"b"',
    "number 0x1f",
  ]);
  expect(marked("const a = `t ${b}`; /* open", "ts")).toEqual([
    "keyword const",
    "string `t ${b}`",
    "comment /* open",
  ]);
  expect(marked("SELECT a FROM t -- all", "sql")).toEqual([
    "keyword SELECT",
    "keyword FROM",
    "comment -- all",
  ]);
});

test("a keyword within a word or a text is none", () => {
  expect(marked("iffy = 'if'", "python")).toEqual(["string 'if'"]);
});

test("joined, the pieces are the code, whatever it is", () => {
  const odd = ["", "\\", "'''", '"\n"', "`\\", "/*", "#\n#", "1e", "0x", "é = 'ü\\'", "\0<script>"];
  for (const name of ["python", "ts", "rust", "sh", "yaml", "json", "sql"])
    for (const code of odd)
      expect((tokensOf(code, name) ?? []).map(({ text }) => text).join("")).toBe(code);
});

test("what is not known, or too long, is left alone", () => {
  expect(tokensOf("x", "brainfuck")).toBeNull();
  expect(tokensOf("x", null)).toBeNull();
  expect(tokensOf("x".repeat(7_000), "python")).toBeNull();
});
