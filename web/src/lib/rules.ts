// The language in which rules about odd values are written, evaluated as the server evaluates it:
// see src/bodhi/params/rules/rule.py. Pure.

import { count } from "@/messages.en.ts";

type Json = unknown;
type Values = Readonly<Record<string, Json>>;

/** What rules are evaluated over. */
export interface Subject {
  readonly own: Values;
  readonly eff: Values;
  readonly policy: Values;
  readonly model: Values;
  readonly machine: Values;
}

export interface RuleData {
  readonly when: Json;
  readonly message: string;
  readonly params: readonly string[];
  readonly fix: { readonly patch: Values };
}

export interface PatchEdit {
  readonly path: [section: string, key: string];
  readonly value: Json;
}

export interface Found {
  readonly message: string;
  readonly patch: readonly PatchEdit[];
}

/** What a rule finds, or null. It is looked at only where the alias sets one of its parameters. */
export function evaluate(
  rule: RuleData,
  subject: Subject,
  sectionOf: (key: string) => string,
): Found | null {
  const isAbout = rule.params.some((key) => Object.hasOwn(subject.own, key));
  return isAbout && holds(rule.when, subject) ? foundBy(rule, subject, sectionOf) : null;
}

export function foundBy(
  { message, fix }: RuleData,
  subject: Subject,
  sectionOf: (key: string) => string,
): Found {
  const patch = Object.entries(fix.patch).flatMap(([key, tree]): PatchEdit[] => {
    const value = valueOf(tree, subject);
    const section = sectionOf(key);
    if (value !== null && !(Array.isArray(value) && value.length === 0))
      return [{ path: [section, key], value }];
    if (!Object.hasOwn(subject.own, key)) return [];
    const removed: PatchEdit = { path: [section, key], value: null };
    // A value that is enforced goes together with its policy.
    return subject.policy[key] === "enforce"
      ? [removed, { path: ["request_policy", key], value: null }]
      : [removed];
  });
  return { message: said(message, subject), patch };
}

export function holds(test: Json, subject: Subject): boolean {
  return valueOf(test, subject) === true;
}

/** Facts of model and machine that a rule asks for, as `model.context_length`. */
export function factsIn({ when, message, fix }: RuleData): ReadonlySet<string> {
  const places = [...message.matchAll(/\{((?:model|machine)\.\w+)\}/g)].map(([, one]) => one ?? "");
  return new Set([...places, ...[when, ...Object.values(fix.patch)].flatMap(askedIn)]);
}

function askedIn(tree: Json): readonly string[] {
  if (!Array.isArray(tree)) return [];
  const [word, name] = tree as readonly Json[];
  if ((word === "model" || word === "machine") && typeof name === "string")
    return [`${word}.${name}`];
  return tree.flatMap(askedIn);
}

function valueOf(tree: Json, subject: Subject): Json {
  if (!Array.isArray(tree)) return tree;
  const [word, ...rest] = tree as readonly Json[];
  const evaluateWord = WORDS[String(word)];
  if (evaluateWord === undefined) throw new Error(`no such word in a rule: ${String(word)}`);
  return evaluateWord(subject, rest);
}

function said(message: string, subject: Subject): string {
  return message.replaceAll(
    /\{(own|eff|model|machine)\.(\w+)\}/g,
    (_, kind: string, name: string) => text(valueOf([kind, name], subject)),
  );
}

/** As the server says it: whole numbers with their thousands apart. */
function text(value: Json): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "number") return typeof value === "string" ? value : JSON.stringify(value);
  return Number.isInteger(value) ? count(value) : String(value);
}

type Word = (subject: Subject, rest: readonly Json[]) => Json;

const look =
  (kind: keyof Subject): Word =>
  (subject, [name]) =>
    subject[kind][String(name)] ?? null;

const clampEnd =
  (end: 0 | 1): Word =>
  ({ policy }, [name]) => {
    const mode = policy[String(name)];
    if (typeof mode !== "object" || mode === null || !("clamp" in mode)) return null;
    return (mode.clamp as readonly Json[])[end] ?? null;
  };

function numbers(subject: Subject, rest: readonly Json[]): readonly number[] {
  return rest.map((one) => valueOf(one, subject)).filter((one) => typeof one === "number");
}

const ofTwo =
  (calculate: (a: number, b: number) => Json, unknown: Json): Word =>
  (subject, rest) => {
    const [a, b, ...more] = numbers(subject, rest);
    return a === undefined || b === undefined || more.length > 0 ? unknown : calculate(a, b);
  };

const ofList =
  (calculate: (items: readonly Json[], argument: Json) => Json): Word =>
  (subject, rest) => {
    const [items, argument] = rest.map((one) => valueOf(one, subject));
    return Array.isArray(items) ? calculate(items as readonly Json[], argument) : null;
  };

function same(a: Json, b: Json): boolean {
  return a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}

const WORDS: Readonly<Record<string, Word>> = {
  own: look("own"),
  eff: look("eff"),
  model: look("model"),
  machine: look("machine"),
  low: clampEnd(0),
  high: clampEnd(1),
  "*": ofTwo((a, b) => a * b, null),
  "//": ofTwo((a, b) => (b === 0 ? null : Math.floor(a / b)), null),
  min: (subject, rest) => {
    const known = numbers(subject, rest);
    return known.length === 0 ? null : Math.min(...known);
  },
  if: (subject, [test, yes, no]) => valueOf(holds(test, subject) ? yes : no, subject),
  length: ofList((items) => items.length),
  first: ofList((items, count) => items.slice(0, Number(count))),
  unique: ofList((items) =>
    items.filter((item, at) => items.findIndex((one) => same(one, item)) === at),
  ),
  without: ofList((items, one) => items.filter((item) => !same(item, one))),
  set: ({ own }, [name]) => Object.hasOwn(own, String(name)),
  eq: (subject, [a, b]) => same(valueOf(a, subject), valueOf(b, subject)),
  gt: ofTwo((a, b) => a > b, false),
  lt: ofTwo((a, b) => a < b, false),
  in: (subject, [a, ...others]) => {
    const value = valueOf(a, subject);
    return others.some((one) => same(one, value));
  },
  has: ofList((items, one) => items.some((item) => same(item, one))),
  all: (subject, tests) => tests.every((test) => holds(test, subject)),
  any: (subject, tests) => tests.some((test) => holds(test, subject)),
  not: (subject, [test]) => !holds(test, subject),
};
