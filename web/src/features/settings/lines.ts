// The lines that change a setting: in the file, and as a variable of a shell. Pure.

import type { JsonValue } from "@/api/types.ts";

/** What the server says in place of a secret. */
const MASK = "********";
const SECRET = "YOUR-SECRET";

/** JSON is YAML, too: whatever the value is, it stands in one line. */
export function fileLine(name: string, value: JsonValue): string {
  if (value === MASK) return `${name}: ${SECRET}`;
  return `${name}: ${value === null || value === undefined ? "null" : scalar(value)}`;
}

/** In single quotes of a POSIX shell, whatever it holds. */
export function variableLine(name: string, value: JsonValue): string {
  const text = value === null || value === undefined ? "" : value === MASK ? SECRET : plain(value);
  return `export BODHI_${name.toUpperCase()}=${shellWord(text)}`;
}

const PLAIN = /^[A-Za-z/][\w./:~-]*$/;
// Words that YAML reads as something else than text.
const MEANS = /^(?:true|false|null|yes|no|on|off)$/i;

function scalar(value: unknown): string {
  if (typeof value === "string" && PLAIN.test(value) && !MEANS.test(value) && !value.endsWith(":"))
    return value;
  return JSON.stringify(value);
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function shellWord(text: string): string {
  return /^[\w./:-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
