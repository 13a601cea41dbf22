// The server's own evaluation of the same cases made this file: tests/params/finding_cases.py.
import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { evaluate, factsIn, type Found, type RuleData, type Subject } from "./rules.ts";

interface Vector {
  readonly rule: RuleData & { readonly id: string };
  readonly sections: Readonly<Record<string, string>>;
  readonly subject: Subject;
  readonly finding: Found | null;
}

const FILE = new URL("../../../tests/params/finding_vectors.json", import.meta.url);
const VECTORS = JSON.parse(readFileSync(FILE, "utf8")) as readonly Vector[];

/** The edits of a patch have no order. */
function ordered(found: Found | null): Found | null {
  const byPath = (a: Found["patch"][number], b: Found["patch"][number]) =>
    a.path.join("/").localeCompare(b.path.join("/"));
  return found === null ? null : { ...found, patch: found.patch.toSorted(byPath) };
}

describe("the page finds what the server finds", () => {
  test("there are enough cases, and each rule is raised by one", () => {
    expect(VECTORS.length).toBeGreaterThanOrEqual(60);
    const raised = VECTORS.filter((one) => one.finding !== null).map((one) => one.rule.id);
    expect(new Set(raised)).toEqual(new Set(VECTORS.map((one) => one.rule.id)));
  });

  test.each(VECTORS.map((vector, at) => [`${vector.rule.id}, case ${at}`, vector] as const))(
    "%s",
    (_, { rule, sections, subject, finding }) => {
      expect(ordered(evaluate(rule, subject, (key) => sections[key] ?? ""))).toEqual(
        ordered(finding),
      );
    },
  );
});

test("a rule says which facts it asks for", () => {
  const rule = {
    when: ["gt", ["own", "n_ctx"], ["model", "context_length"]],
    message: "Of {machine.cores} cores.",
    params: ["n_ctx"],
    fix: { patch: { n_ctx: ["model", "size_bytes"] } },
  };
  expect(factsIn(rule)).toEqual(
    new Set(["machine.cores", "model.context_length", "model.size_bytes"]),
  );
});

test("a word that the language does not have is an error, not a rule that never holds", () => {
  const subject = { own: { a: 1 }, eff: {}, policy: {}, model: {}, machine: {} };
  const rule = { when: ["xor", 1, 2], message: "", params: ["a"], fix: { patch: {} } };
  expect(() => evaluate(rule, subject, () => "")).toThrow("xor");
});
