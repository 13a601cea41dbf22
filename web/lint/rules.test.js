// Each rule of the house is shown what it must find, and what it must leave alone.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { RuleTester } from "eslint";
import tseslint from "typescript-eslint";
import { afterAll, describe, expect, it, test } from "vitest";

import { colours, coloursOf } from "./colours.js";
import { layers } from "./layers.js";
import { words } from "./words.js";

Object.assign(RuleTester, { describe, it, itOnly: it.only, afterAll });
const tester = new RuleTester({
  languageOptions: {
    parser: tseslint.parser,
    parserOptions: { ecmaFeatures: { jsx: true } },
  },
});
const at = (filename, code) => ({ filename: `/page/src/${filename}`, code });
const wrong = (filename, code, messageId) => ({ ...at(filename, code), errors: [{ messageId }] });

tester.run("layers", layers, {
  valid: [
    at(
      "features/aliases/a.ts",
      'import "@/lib/rows.ts"; import "@/messages.en.ts"; import "react"',
    ),
    at("features/aliases/a.ts", 'import "@/features/aliases/b.ts"; import "./c.ts"'),
    at("shell/a.ts", 'import "@/components/b.tsx"'),
  ],
  invalid: [
    wrong("lib/a.ts", 'import "@/api/b.ts"', "up"),
    wrong("components/a.ts", 'import { b } from "@/features/try/b.ts"', "up"),
    wrong("features/try/a.ts", 'const b = import("@/app/b.ts")', "up"),
    wrong("tokens/a.ts", 'export * from "@/lib/b.ts"', "up"),
    wrong("features/try/a.ts", 'import "@/features/aliases/b.ts"', "across"),
  ],
});

tester.run("words", words, {
  valid: [
    at("a.tsx", "const a = <p className='x'>{t.list.title} · {3}</p>"),
    at("a.tsx", "const a = <input aria-label={t.list.search} type='search' />"),
  ],
  invalid: [
    wrong("a.tsx", "const a = <p>Aliases</p>", "literal"),
    wrong("a.tsx", "const a = <p>{'Aliases'}</p>", "literal"),
    wrong("a.tsx", "const a = <p>{`${n} aliases`}</p>", "literal"),
    wrong("a.tsx", "const a = <p>{one ? 'alias' : t.many}</p>", "literal"),
    wrong("a.tsx", "const a = <input placeholder='Search' />", "literal"),
    wrong("a.tsx", "const a = <input aria-label={`Search`} />", "literal"),
    wrong("a.tsx", "announce('Copied')", "literal"),
  ],
});

tester.run("colours", colours, {
  valid: [at("a.tsx", "const a = <p style={{ color: 'var(--text-1)' }} href='#main' />")],
  invalid: [
    wrong("a.tsx", "const a = { color: '#fff' }", "colour"),
    wrong("a.tsx", "const a = `1px solid rgb(0 0 0)`", "colour"),
    wrong("a.tsx", "const a = <p color='red' />", "colour"),
  ],
});

describe("style sheets", () => {
  const src = fileURLToPath(new URL("../src", import.meta.url));
  const sheets = readdirSync(src, { recursive: true }).filter(
    (path) => path.endsWith(".css") && !path.startsWith("tokens"),
  );

  test("there are some", () => {
    expect(sheets.length).toBeGreaterThan(5);
  });

  test.each(sheets)("%s names no colour", (path) => {
    expect(coloursOf(readFileSync(`${src}/${path}`, "utf-8"))).toEqual([]);
  });

  test.each([
    "a{\n color: #fff;\n}",
    "a{\n border: 1px solid red;\n}",
    "a{\n fill: rgb(0 0 0);\n}",
  ])("%j would be found", (css) => {
    expect(coloursOf(css)).toHaveLength(1);
  });

  test.each(["a{\n color: var(--white);\n}", "/* red: no */", "a:hover {\n  top: 0;\n}"])(
    "%j is left alone",
    (css) => {
      expect(coloursOf(css)).toEqual([]);
    },
  );
});
