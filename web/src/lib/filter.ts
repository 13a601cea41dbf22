// The search field's language: words, `field:value`, `parameter>number`, `used<7d`. Pure.
//
//   coder family:qwen ctx>=8k used<7d pinned -source:model
//
// Terms are joined by "and". A term that means nothing is reported, never silently dropped. The
// server reads the same language.

import { parameterKey } from "./parameterNames.ts";

/** What a term may look at. Text fields hold what is shown; parameters hold what the alias sets. */
export interface Searchable {
  readonly text: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly parameters: ReadonlyMap<string, unknown>;
  /** Sizes and counts, by the names that may stand before a sign. */
  readonly numbers: Readonly<Record<string, number | null>>;
}

/** What changes without the item changing. */
export interface Lately {
  /** What a word alone asks for, such as `pinned`. */
  readonly flags: ReadonlySet<string>;
  /** Seconds that have passed since, by the names that may stand before a sign. */
  readonly ages: Readonly<Record<string, number | null>>;
}

export const FLAGS = ["pinned", "active", "active-now"];
export const NUMBERS = ["size", "version"] as const;
export const AGES = ["used", "modified"] as const;

export interface Filter {
  /** `lately` is asked only where a term asks for it: most never do, and there are many items. */
  readonly matches: (item: Searchable, lately: () => Lately) => boolean;
  /** Terms that could not be understood, as typed. */
  readonly unknown: readonly string[];
}

type Test = (item: Searchable, lately: () => Lately) => boolean;

const TERM = /-?(?:[\w.-]+(?::|>=|<=|>|<|=))?"[^"]*"?|\S+/g;
const COMPARISON = /^([a-z][\w-]*)(>=|<=|>|<|=)(.+)$/i;
const FIELD = /^([a-z][\w-]*):(.*)$/i;
const NUMBER = /^(-?\d+(?:\.\d+)?)([a-z])?$/;
const SIZES: Factors = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const SECONDS: Factors = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

type Factors = Readonly<Record<string, number>>;

/** Read what was typed. `fields` are the names that may stand before a colon. */
export function parseFilter(typed: string, fields: readonly string[]): Filter {
  const tests: Test[] = [];
  const unknown: string[] = [];
  for (const term of typed.match(TERM) ?? []) {
    const negated = term.length > 1 && term.startsWith("-");
    const test = readTerm(negated ? term.slice(1) : term, fields);
    if (test === null) unknown.push(term);
    else tests.push(negated ? (item, lately) => !test(item, lately) : test);
  }
  return { matches: (item, lately) => tests.every((test) => test(item, lately)), unknown };
}

function readTerm(term: string, fields: readonly string[]): Test | null {
  const comparison = COMPARISON.exec(term);
  if (comparison !== null) return readComparison(comparison);
  const field = FIELD.exec(term);
  const name = field?.[1]?.toLowerCase();
  if (name !== undefined && fields.includes(name)) {
    const wanted = plain(field?.[2] ?? "");
    return (item) => (item.fields[name] ?? "").toLowerCase().includes(wanted);
  }
  if (name === "set") {
    const key = parameterKey(plain(field?.[2] ?? ""));
    return key === null ? null : (item) => item.parameters.has(key);
  }
  if (FLAGS.includes(term.toLowerCase()) || name === "is") {
    const flag = name === "is" ? plain(field?.[2] ?? "") : term.toLowerCase();
    return FLAGS.includes(flag) ? (_, lately) => lately().flags.has(flag) : null;
  }
  // Names hold colons too (llama3:instruct), so a colon alone is no mistake.
  const wanted = plain(term);
  return (item) => item.text.includes(wanted);
}

function readComparison([, typed = "", sign = "", right = ""]: RegExpExecArray): Test | null {
  const name = typed.toLowerCase();
  if (AGES.some((one) => one === name)) {
    const seconds = sign === "=" ? null : amount(right, SECONDS);
    return against(seconds, sign, (_, lately) => lately().ages[name] ?? null);
  }
  const wanted = amount(right, SIZES);
  if (NUMBERS.some((one) => one === name))
    return against(wanted, sign, (item) => item.numbers[name] ?? null);
  const key = parameterKey(name);
  return key === null ? null : against(wanted, sign, (item) => item.parameters.get(key));
}

function against(
  wanted: number | null,
  sign: string,
  of: (item: Searchable, lately: () => Lately) => unknown,
): Test | null {
  if (wanted === null) return null;
  return (item, lately) => {
    const value = of(item, lately);
    return typeof value === "number" && compare(value, sign, wanted);
  };
}

function amount(typed: string, factors: Factors): number | null {
  const parts = NUMBER.exec(plain(typed));
  const factor = parts === null ? undefined : factors[parts[2] ?? ""];
  return factor === undefined ? null : Number(parts?.[1]) * factor;
}

function compare(value: number, sign: string, wanted: number): boolean {
  switch (sign) {
    case ">":
      return value > wanted;
    case ">=":
      return value >= wanted;
    case "<":
      return value < wanted;
    case "<=":
      return value <= wanted;
    default:
      return value === wanted;
  }
}

function plain(value: string): string {
  return value.replaceAll('"', "").toLowerCase();
}
