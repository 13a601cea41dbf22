// What is odd about what stands in the rows at this moment, before the server has been asked. Pure.

import type { AliasDetail, Finding, JsonValue, Parameter, Rule, Rung } from "@/api/types.ts";
import { evaluate, factsIn, type Subject } from "@/lib/rules.ts";

import { policyOf, type Settings } from "./edits.ts";

type Facts = Readonly<Record<string, JsonValue>>;

interface Known {
  readonly rules: readonly Rule[];
  readonly params: readonly Parameter[];
  readonly settings: Settings;
  /** What applies below the alias. */
  readonly below: ReadonlyMap<string, Rung>;
  /** Facts of the model by the names that rules use; those that are missing are not known here. */
  readonly model: Facts;
}

/** Findings of every rule that can be evaluated with what the page knows. */
export function localFindings(known: Known): readonly Finding[] {
  const subject = subjectOf(known);
  const sections = new Map<string, string>(known.params.map(({ key, section }) => [key, section]));
  const sectionOf = (key: string) => sections.get(key) ?? "";
  return known.rules
    .filter((rule) => isKnown(rule, known.model))
    .flatMap((rule): Finding[] => {
      const found = evaluate(rule, subject, sectionOf);
      return found === null ? [] : [findingOf(rule, found, sectionOf)];
    });
}

/** The server's findings, where they are of this very state; else what is known without it. */
export function merged(
  server: readonly Finding[],
  isCurrent: boolean,
  local: () => readonly Finding[],
  known: Pick<Known, "rules" | "settings" | "model">,
): readonly Finding[] {
  if (isCurrent) return server;
  const judged = new Set(
    known.rules.filter((rule) => isKnown(rule, known.model)).map((rule) => rule.id),
  );
  const others = server.filter(
    ({ code, params }) =>
      !judged.has(code) && (params.length === 0 || params.some((key) => known.settings.has(key))),
  );
  return [...local(), ...others];
}

/** Facts of an alias's model, by the names that rules use. */
export function factsOf({ model, size_bytes }: AliasDetail): Facts {
  if (model === null) return {};
  const { context_length, is_embedding_model } = model;
  return { context_length, is_embedding_model, size_bytes };
}

function isKnown(rule: Rule, model: Facts): boolean {
  return [...factsIn(rule)].every((fact) => {
    const [kind, name = ""] = fact.split(".");
    return kind === "model" && Object.hasOwn(model, name);
  });
}

function subjectOf({ settings, below, model }: Known): Subject {
  const own: Record<string, JsonValue> = {};
  const policy: Record<string, JsonValue> = {};
  const eff: Record<string, JsonValue> = {};
  for (const [key, rung] of below) eff[key] = rung.value;
  for (const [key, setting] of settings) {
    if (setting.value !== undefined) own[key] = eff[key] = setting.value;
    const said = policyOf(setting);
    if (said !== null) policy[key] = said;
  }
  return { own, eff, policy, model, machine: {} };
}

function findingOf(
  rule: Rule,
  { message, patch }: { message: string; patch: readonly { path: string[]; value: unknown }[] },
  sectionOf: (key: string) => string,
): Finding {
  const [first] = rule.params;
  return {
    code: rule.id,
    severity: rule.severity,
    message,
    params: [...rule.params],
    pointer: first === undefined ? null : `/${sectionOf(first)}/${first}`,
    fix: patch.length === 0 ? null : { label: rule.fix.label, patch: [...patch] },
  };
}
