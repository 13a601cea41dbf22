// The search field's language: words, `field:value` and `parameter>number`. Pure.
//
//   coder family:qwen ctx>=8k -source:model
//
// Terms are joined by "and". A term that means nothing is reported, never silently dropped.

import { parameterKey } from "./parameterNames.ts";

/** What a term may look at. Text fields hold what is shown; parameters hold what the alias sets. */
export interface Searchable {
  readonly text: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly parameters: ReadonlyMap<string, unknown>;
}

export interface Filter {
  readonly matches: (item: Searchable) => boolean;
  /** Terms that could not be understood, as typed. */
  readonly unknown: readonly string[];
}

type Test = (item: Searchable) => boolean;

const TERM = /-?(?:[\w.-]+(?::|>=|<=|>|<|=))?"[^"]*"?|\S+/g;
const COMPARISON = /^([a-z][\w-]*)(>=|<=|>|<|=)(.+)$/i;
const FIELD = /^([a-z][\w-]*):(.*)$/i;
const NUMBER = /^(-?\d+(?:\.\d+)?)([kKmM])?$/;
const FACTORS: Readonly<Record<string, number>> = { k: 1024, m: 1024 * 1024 };

/** Read what was typed. `fields` are the names that may stand before a colon. */
export function parseFilter(typed: string, fields: readonly string[]): Filter {
  const tests: Test[] = [];
  const unknown: string[] = [];
  for (const term of typed.match(TERM) ?? []) {
    const negated = term.length > 1 && term.startsWith("-");
    const test = readTerm(negated ? term.slice(1) : term, fields);
    if (test === null) unknown.push(term);
    else tests.push(negated ? (item) => !test(item) : test);
  }
  return { matches: (item) => tests.every((test) => test(item)), unknown };
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
  // Names hold colons too (llama3:instruct), so a colon alone is no mistake.
  const wanted = plain(term);
  return (item) => item.text.includes(wanted);
}

function readComparison([, name = "", sign = "", right = ""]: RegExpExecArray): Test | null {
  const key = parameterKey(name.toLowerCase());
  const parts = NUMBER.exec(plain(right));
  if (key === null || parts === null) return null;
  const wanted = Number(parts[1]) * (FACTORS[parts[2]?.toLowerCase() ?? ""] ?? 1);
  return (item) => {
    const value = item.parameters.get(key);
    return typeof value === "number" && compare(value, sign, wanted);
  };
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
