// What somebody typed into a number field, while it is still being typed. Pure.

export type Typed =
  | { readonly kind: "empty" }
  | { readonly kind: "value"; readonly value: number | string }
  | { readonly kind: "wrong"; readonly why: "number" | "integer" };

interface Wanted {
  readonly integer: boolean;
  /** Taken beside numbers, such as `auto`. */
  readonly words: readonly string[];
}

const NUMBER = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i;

/** Never clamps and never rounds: what cannot be a value is said to be wrong, and stays as typed. */
export function readNumber(text: string, { integer, words }: Wanted): Typed {
  const plain = text.trim();
  if (plain === "") return { kind: "empty" };
  const word = words.find((one) => one === plain.toLowerCase());
  if (word !== undefined) return { kind: "value", value: word };
  if (!NUMBER.test(plain)) return { kind: "wrong", why: "number" };
  const value = Number(plain.replace(",", "."));
  if (!Number.isFinite(value)) return { kind: "wrong", why: "number" };
  if (integer && !Number.isInteger(value)) return { kind: "wrong", why: "integer" };
  return { kind: "value", value };
}

interface End {
  readonly value: number;
  readonly reason: string;
  readonly is_limit: boolean;
}

interface Range {
  readonly low: End | null;
  readonly high: End | null;
  readonly specials: readonly { readonly value: number }[];
}

export interface Beyond {
  readonly end: "low" | "high";
  readonly severity: "error" | "warning";
  readonly reason: string;
  /** The nearest value that is not beyond. */
  readonly nearest: number;
}

/** Which end of its range a value is beyond, or null. */
export function beyond(range: Range, value: unknown): Beyond | null {
  if (typeof value !== "number" || range.specials.some((one) => one.value === value)) return null;
  const { low, high } = range;
  if (low !== null && value < low.value) return past("low", low);
  if (high !== null && value > high.value) return past("high", high);
  return null;
}

function past(end: "low" | "high", { value, reason, is_limit }: End): Beyond {
  return { end, severity: is_limit ? "error" : "warning", reason, nearest: value };
}
