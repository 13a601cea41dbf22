import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import ReactMarkdown from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import { describe, expect, test } from "vitest";

import { blocksOf, costOf, listsOf, piecesOf } from "./blocks.ts";

function drawn(text: string): string {
  const plugins = { remarkPlugins: [remarkGfm], rehypePlugins: [rehypeSanitize], skipHtml: true };
  const html = renderToStaticMarkup(createElement(ReactMarkdown, plugins, text));
  return html
    .replaceAll(/<link [^>]*>/g, "")
    .replaceAll(/\n+(?=<|$)/g, "")
    .replaceAll(/(?<=>)\n+/g, "");
}

// What models write, and what only somebody who wants to break it would.
const PARTS = [
  "A paragraph of *text* and `code`.",
  "Two lines\nof one paragraph.",
  "# A heading",
  "Set\n===",
  "- one\n- two",
  "- one\n\n- two, loose",
  "- one\n\n  more of it\n\n- two",
  "1. first\n2. second\n   - within\n\n     deeper",
  "* a\n  ```js\n  let a = 1;\n\n  let b;\n  ```\n* b",
  "1. a\n  ```\n  top-level fence, by two blanks\n\n  - no list\n  ```",
  "- a\n```\nfence ends the list\n\n- no item\n```",
  "```python\nprint(1)\n\n\nprint(2)\n```",
  "~~~~\n```\n\ninside\n~~~\n~~~~",
  "```\nnever closed\n\n# no heading",
  "    indented\n\n    code, one block",
  "> quoted\n> - list\n\n> another quote",
  "> ```\n> fence in a quote\n\nafter it",
  "| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 |",
  "***",
  "<div>\n*html*\n\n</div>",
  "<script>\nalert(1)\n\n*not text*\n</script>",
  "<!-- a\n\ncomment -->",
  "<pre>\n\n```\n</pre>",
  "a [link](https://example.org) and ![picture](https://example.org/x.png)",
  "see [here][1]\n\n[1]: https://example.org",
  "- [x] done\n- [ ] open",
  "a note[^n]\n\n[^n]: the note\n\n    goes on",
  "text\n- list right after\n\n  its paragraph\n\nand out",
  "line  \nbreak\\\nbreak",
  "\t tabbed",
  "1) other\n\n2) numbers",
  "```not a fence``` it is code",
] as const;

/** A small generator of numbers that is the same everywhere. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function sample(seed: number): string {
  const next = random(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const count = 1 + Math.floor(next() * 7);
  let text = pick(["", "", "\n"]);
  for (let at = 0; at < count; at += 1)
    text += pick(PARTS) + pick(["\n\n", "\n\n", "\n\n\n", " \n\n", "\n"]);
  return text;
}

describe("blocks drawn one by one are the document drawn as a whole", () => {
  test.each(Array.from({ length: 200 }, (_, seed) => seed))("sample %d", (seed) => {
    const text = sample(seed);
    const blocks = blocksOf(text);
    expect(blocks.join("")).toBe(text);
    expect(blocks.map(drawn).join("")).toBe(drawn(text));
  });
});

test("cutting at every empty line would be found out", () => {
  const isSame = (text: string) =>
    text
      .split(/(?<=\n\n)/)
      .map(drawn)
      .join("") === drawn(text);
  expect(Array.from({ length: 200 }, (_, seed) => sample(seed)).filter(isSame).length).toBeLessThan(
    100,
  );
});

test("a long answer is many blocks, so that only its end is drawn again", () => {
  const text = Array.from({ length: 50 }, (_, at) => `Paragraph ${at}.`).join("\n\n");
  expect(blocksOf(text)).toHaveLength(50);
});

test("a text that grows keeps its finished blocks", () => {
  const text = sample(3) + sample(4);
  for (let at = 1; at < text.length; at += 7) {
    const early = blocksOf(text.slice(0, at)).slice(0, -1);
    // Unless a definition comes, which concerns everything before it.
    if (text.includes("]:")) continue;
    expect(blocksOf(text).slice(0, Math.max(0, early.length - 1))).toEqual(
      early.slice(0, Math.max(0, early.length - 1)),
    );
  }
});

test("pieces are no longer than asked for, end with lines where they can, and are the text", () => {
  const text = `${"x".repeat(25)}\nshort\n${"y".repeat(9)}\n`;
  const pieces = piecesOf(text, 10);
  expect(pieces.join("")).toBe(text);
  expect(Math.max(...pieces.map((one) => one.length))).toBeLessThanOrEqual(11);
  expect(pieces).toContain("short\n");
});

test("a long list is several that go on where the one before ends, and keep the numbers", () => {
  const items = Array.from(
    { length: 90 },
    (_, at) => `${at + 1}. **One** with \`code\`\n   and more`,
  );
  const parts = listsOf(items.join("\n"), 2_000);
  expect(parts?.join("\n")).toBe(items.join("\n"));
  expect(Math.max(...(parts ?? []).map(costOf))).toBeLessThanOrEqual(2_000);
  const html = parts?.map(drawn).join("") ?? "";
  expect(html.match(/<li>/g)).toHaveLength(90);
  const second = Number(/^\d+/.exec(parts?.[1] ?? "")?.[0]);
  expect(html).toContain(`<ol start="${second}">`);
  const grown = listsOf([...items, "91. last"].join("\n"), 2_000);
  expect(grown?.slice(0, -1)).toEqual(parts?.slice(0, -1));
});

test("what is no list, or has one item that is too long, is not cut", () => {
  expect(listsOf("Words.\n- item", 2_000)).toBeNull();
  expect(listsOf(`- one\n- ${"x".repeat(3_000)}`, 2_000)).toBeNull();
});

test("marks cost what the elements cost that they become", () => {
  expect(costOf("word ".repeat(200))).toBe(1_000);
  expect(costOf("*".repeat(1_000))).toBeGreaterThan(9_000);
});
