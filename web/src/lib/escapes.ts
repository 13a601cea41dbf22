// Texts of exact characters as something one can type into one line, and back. Pure.

const SHOWN: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\\": "\\\\",
};
const MEANT: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };

/** Line breaks, tabs and backslashes as escapes; every other character as it is. */
export function escaped(text: string): string {
  return text.replaceAll(/[\n\r\t\\]/g, (found) => SHOWN[found] ?? found);
}

/** The text that was meant. A backslash before anything else is a backslash. */
export function unescaped(typed: string): string {
  return typed.replaceAll(/\\([nrt\\])/g, (_, letter: string) => MEANT[letter] ?? letter);
}

/** For reading only: escapes, and blanks that can be seen. */
export function visible(text: string): string {
  return escaped(text).replaceAll(" ", "·");
}
