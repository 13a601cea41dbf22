// What the page's code is held to, besides the compiler: types, hooks, access, the house's own laws.
import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

import { colours } from "./lint/colours.js";
import { layers } from "./lint/layers.js";
import { words } from "./lint/words.js";

const house = { rules: { colours, layers, words } };

export default defineConfig(
  globalIgnores(["src/api/schema.d.ts"]),
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["src/**/*.{ts,tsx}", "build/*.ts", "*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Numbers in a template read as they are.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    files: ["src/**/*.tsx", "src/**/*.ts"],
    extends: [reactHooks.configs.flat.recommended, jsxA11y.flatConfigs.strict],
    plugins: { house },
    rules: {
      "house/layers": "error",
      "house/words": "error",
      // Raw HTML from a model or a file would be a script from anybody.
      "no-restricted-syntax": [
        "error",
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Never." },
      ],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/tokens/**"],
    plugins: { house },
    rules: { "house/colours": "error" },
  },
  {
    files: ["lint/**/*.js", "*.js"],
    languageOptions: { globals: { URL: "readonly" } },
  },
  {
    files: ["public/*.js"],
    languageOptions: {
      sourceType: "script",
      globals: { document: "readonly", localStorage: "readonly", matchMedia: "readonly" },
    },
  },
);
