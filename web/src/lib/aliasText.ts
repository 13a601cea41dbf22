// The text of an alias file under another name, or without one of its entries. Pure.

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

const FLAG = /^\s*- +["']?--?[A-Za-z]/;
const ITEM = /^\s*-\s/;
const KEY = /^\s+["']?-{0,2}[A-Za-z][\w-]*["']?:(\s|$)/;

/**
 * `text` less the parameter that begins on this line, from 1, with all that belongs to it: a key in
 * a section, or a flag in a list. null where no such thing has lines of its own.
 */
export function withoutEntry(text: string, line: number): string | null {
  const lines = text.split("\n");
  const first = lines[line - 1] ?? "";
  if (!FLAG.test(first) && !KEY.test(first)) return null;
  const isFlag = FLAG.test(first);
  // An item at the same depth is a value: of the key above it, or of the flag where it is none.
  const isOwn = (next: string) =>
    depthOf(next) === depthOf(first) && ITEM.test(next) && !(isFlag && FLAG.test(next));
  let end = line;
  for (let at = line; at < lines.length; at += 1) {
    const next = lines[at] ?? "";
    if (next.trim() === "") continue;
    if (depthOf(next) <= depthOf(first) && !isOwn(next)) break;
    end = at + 1;
  }
  return [...lines.slice(0, line - 1), ...lines.slice(end)].join("\n");
}

function depthOf(line: string): number {
  return line.length - line.trimStart().length;
}
