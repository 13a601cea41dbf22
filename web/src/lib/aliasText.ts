// The name inside an alias file's text, and the same text under another name. Pure.

const LINE = /^alias:[ \t]*(.*?)([ \t]+#.*)?(\r?)$/m;
const PLAIN = /^[A-Za-z][\w./+@-]*(:[\w./+@-]+)*$/;
const NULLS = new Set(["null", "Null", "NULL"]);

/** `text` with this name; every other line stays. A file without a name gets one at its top. */
export function withName(text: string, name: string): string {
  const line = `alias: ${PLAIN.test(name) && !NULLS.has(name) ? name : JSON.stringify(name)}`;
  if (!LINE.test(text)) return `${line}\n${text}`;
  return text.replace(
    LINE,
    (_, _value: string, comment: string | undefined, end: string) => line + (comment ?? "") + end,
  );
}
