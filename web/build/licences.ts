// Writes licences.txt beside the page: every package that is in it, with the text of its licence.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "vite";

const PACKAGE = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const LICENCE = /^(licen[cs]e|copying)(\.|$)/i;

interface Described {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

export function licences(root: string): Plugin {
  return {
    name: "licences",
    apply: "build",
    generateBundle(_options, bundle) {
      const folders = new Set(askedFor(root));
      for (const chunk of Object.values(bundle)) {
        for (const id of chunk.type === "chunk" ? chunk.moduleIds : []) {
          const folder = PACKAGE.exec(id)?.[1];
          if (folder !== undefined) folders.add(folder);
        }
      }
      const source = [...folders].sort().map(entry).join("\n\n");
      this.emitFile({ type: "asset", fileName: "licences.txt", source });
    },
  };
}

/** Packages that are asked for by name: fonts and styles are no modules of a bundle. */
function askedFor(root: string): string[] {
  const described = JSON.parse(readFileSync(join(root, "package.json"), "utf-8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return Object.keys(described.dependencies).map((name) => join(root, "node_modules", name));
}

function entry(folder: string): string {
  const described = JSON.parse(readFileSync(join(folder, "package.json"), "utf-8")) as Described;
  const file = existsSync(folder) ? readdirSync(folder).find((name) => LICENCE.test(name)) : null;
  const text = file == null ? "" : readFileSync(join(folder, file), "utf-8").trim();
  const heading = `${described.name} ${described.version} (${described.license ?? "see below"})`;
  return `${heading}\n${"-".repeat(heading.length)}\n${text}`;
}
