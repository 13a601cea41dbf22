// What may follow what was typed into the search field: names of fields and parameters, then the
// values that there are. Pure.

import { count } from "@/messages.en.ts";

/** Everything that can be completed to. */
export interface Vocabulary {
  /** Field -> its values and how many aliases have each. */
  readonly fields: Readonly<Record<string, ReadonlyMap<string, number>>>;
  /** Names that may stand before a sign, with what they are; the shortest name of each. */
  readonly numbers: readonly { readonly name: string; readonly what: string }[];
  /** Values that aliases have, by the name before the sign. */
  readonly figures: Readonly<Record<string, readonly string[]>>;
  /** Words that ask for something alone. */
  readonly flags: readonly string[];
}

export interface Completion {
  /** The whole term. */
  readonly term: string;
  /** How many aliases it fits, or what the name is. */
  readonly note: string;
  /** The term says something; else a value is still to follow. */
  readonly isWhole: boolean;
}

const MOST = 8;
const FIELD = /^([a-z]+):(.*)$/i;
const FIGURE = /^([a-z][\w-]*)(>=|<=|>|<|=)(.*)$/i;

/** What the term that ends at the caret may become; nothing where it is complete already. */
export function completionsOf(typed: string, caret: number, known: Vocabulary): Completion[] {
  const term = termBefore(typed, caret);
  const sign = term.startsWith("-") ? "-" : "";
  const bare = term.slice(sign.length);
  if (bare === "") return [];
  const found = ofTerm(bare, known)
    .map((one) => ({ ...one, term: `${sign}${one.term}` }))
    .slice(0, MOST);
  return found.length === 1 && found[0]?.term === term ? [] : found;
}

function ofTerm(bare: string, known: Vocabulary): Completion[] {
  const [, field = "", begun = ""] = FIELD.exec(bare) ?? [];
  const values = known.fields[field.toLowerCase()];
  if (values !== undefined) return valuesOf(field.toLowerCase(), begun, values);
  const [, name = "", sign = "", figure = ""] = FIGURE.exec(bare) ?? [];
  const figures = known.figures[name.toLowerCase()] ?? [];
  if (sign !== "")
    return figures
      .filter((one) => one.startsWith(figure))
      .map((one) => ({ term: `${name}${sign}${one}`, note: "", isWhole: true }));
  return namesOf(bare.toLowerCase(), known);
}

function valuesOf(field: string, begun: string, values: ReadonlyMap<string, number>) {
  const wanted = begun.replaceAll('"', "").toLowerCase();
  return [...values]
    .filter(([value]) => value.toLowerCase().includes(wanted))
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .map(([value, many]) => ({
      term: `${field}:${/\s/.test(value) ? `"${value}"` : value}`,
      note: count(many),
      isWhole: true,
    }));
}

function namesOf(begun: string, known: Vocabulary): Completion[] {
  const fits = (name: string) => name.startsWith(begun);
  const fields = Object.keys(known.fields).filter(fits);
  return [
    ...fields.map((name) => ({ term: `${name}:`, note: "", isWhole: false })),
    ...known.numbers
      .filter(({ name, what }) => fits(name) || (begun.length > 2 && fits(what.toLowerCase())))
      .map(({ name, what }) => ({ term: `${name}>`, note: what, isWhole: false })),
    ...known.flags.filter(fits).map((name) => ({ term: name, note: "", isWhole: true })),
  ];
}

/** What was typed with the term before the caret replaced, and where the caret is then. */
export function withCompletion(
  typed: string,
  caret: number,
  { term, isWhole }: Completion,
): { readonly typed: string; readonly caret: number } {
  const start = caret - termBefore(typed, caret).length;
  const rest = typed.slice(caret).trimStart();
  const put = isWhole ? `${term} ` : term;
  return { typed: `${typed.slice(0, start)}${put}${rest}`, caret: start + put.length };
}

const LAST_TERM = /(?:[^\s"]|"[^"]*"?)*$/;

function termBefore(typed: string, caret: number): string {
  return LAST_TERM.exec(typed.slice(0, caret))?.[0] ?? "";
}
