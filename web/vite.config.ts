// How the page is built: into the Python package, hashed names, compressed copies beside them.
import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { compressed } from "./build/compressed.ts";
import { licences } from "./build/licences.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const src = fileURLToPath(new URL("./src", import.meta.url));
const server = process.env.BODHI_ADDRESS ?? "http://127.0.0.1:1135";

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
    rolldownOptions: {
      output: {
        // What changes rarely stays in a returning browser's cache.
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: "tanstack", test: /node_modules\/@tanstack\// },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": server, "/v1": server } },
  test: { include: ["src/**/*.test.ts", "lint/**/*.test.js"], environment: "node" },
});
