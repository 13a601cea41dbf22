// How the page is built: into the Python package, hashed names, compressed copies beside them.
import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { compressed } from "./build/compressed.ts";
import { licences } from "./build/licences.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const src = fileURLToPath(new URL("./src", import.meta.url));
const server = process.env.BODHI_ADDRESS ?? "http://127.0.0.1:1135";

const SHARED =
  /src\/(api|lib\/(?!blocks|highlight|wordDiff|snippets|trial|scale|history)|messages|components\/(?!params|charts|markdown|trial|download|oncePerFrame|Bars|alias\/(AliasDialogs|NameDialog|ChangeTable)))/;

// Markdown and what it stands on is fetched when the first answer is drawn.
const MARKDOWN = new RegExp(
  `node_modules/(?:${[
    "react-markdown|remark-.*?|rehype-.*?|unified|micromark.*?|mdast-.*?|hast-.*?|unist-.*?|vfile.*?",
    "bail|ccount|character-entities.*?|comma-separated-tokens|decode-named-character-reference|devlop",
    "escape-string-regexp|estree-util-.*?|extend|html-url-attributes|inline-style-parser|is-plain-obj",
    "longest-streak|markdown-table|property-information|space-separated-tokens|style-to-.*?|trim-lines",
    "trough|zwitch|@ungap/structured-clone",
  ].join("|")})/`,
);
const vendor = (id: string) => id.includes("/node_modules/") && !MARKDOWN.test(id);

export default defineConfig({
  plugins: [react(), licences(here), compressed()],
  resolve: { alias: { "@": src } },
  build: {
    outDir: "../src/bodhi/_ui",
    emptyOutDir: true,
    target: "es2023",
    // An asset inlined as a data: address would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        // What changes rarely stays in a returning browser's cache; what every screen needs comes in
        // one piece, however many screens share it.
        codeSplitting: {
          groups: [
            { name: "vendor", test: vendor },
            { name: "shared", test: SHARED },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": server, "/v1": server } },
  test: {
    include: ["src/**/*.test.ts", "lint/**/*.test.js"],
    environment: "node",
    isolate: false,
    testTimeout: 30_000,
  },
});
