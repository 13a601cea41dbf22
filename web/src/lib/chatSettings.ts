// What somebody else's request says: a JSON body, or the curl command that sends it. Pure.

export interface ChatSettings {
  /** What the request asks for as model; null where it does not say. */
  readonly model: string | null;
  /** Registry key -> value. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Fields that are no parameter of an alias, by their own names: nothing is dropped unsaid. */
  readonly left: readonly string[];
}

const BODY_FLAGS = new Set([
  "-d",
  "--data",
  "--data-raw",
  "--data-binary",
  "--data-ascii",
  "--json",
]);
const OF_THE_REQUEST = new Set(["model", "messages", "prompt"]);

/** `keyOf` says which parameter a field is. null where the text holds no JSON object. */
export function readChatSettings(
  text: string,
  keyOf: (field: string) => string | null,
): ChatSettings | null {
  const body = bodyOf(text.trim());
  if (body === null) return null;
  const values = new Map<string, unknown>();
  const left: string[] = [];
  for (const [field, value] of Object.entries(body)) {
    if (OF_THE_REQUEST.has(field) || value === null) continue;
    const key = keyOf(field);
    if (key === null) left.push(field);
    else values.set(key, value);
  }
  const system = systemOf(body.messages);
  const key = system === null ? null : keyOf("system_prompt");
  if (key !== null) values.set(key, system);
  return { model: typeof body.model === "string" ? body.model : null, values, left };
}

type Body = Readonly<Record<string, unknown>>;

function bodyOf(text: string): Body | null {
  if (!text.startsWith("curl")) return objectIn(text);
  const words = shellWords(text);
  for (const [at, word] of words.entries()) {
    const [flag = "", ...rest] = word.split("=");
    if (BODY_FLAGS.has(word)) return objectIn(words[at + 1] ?? "");
    if (BODY_FLAGS.has(flag)) return objectIn(rest.join("="));
  }
  return null;
}

function objectIn(text: string): Body | null {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null && !Array.isArray(read)
      ? (read as Body)
      : null;
  } catch {
    return null;
  }
}

/** A conversation that begins with instructions: those are the alias's business. */
function systemOf(messages: unknown): string | null {
  if (!Array.isArray(messages)) return null;
  const [first] = messages as readonly unknown[];
  if (typeof first !== "object" || first === null || !("role" in first)) return null;
  const isSystem = first.role === "system" || first.role === "developer";
  return isSystem && "content" in first && typeof first.content === "string" ? first.content : null;
}

/** The words of a command line, as a POSIX shell reads quotes and backslashes. */
export function shellWords(line: string): readonly string[] {
  const piece = /\\\r?\n|'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])|(\s+)|([^\s'"\\]+)/g;
  const words: string[] = [];
  let word: string | null = null;
  for (const [, single, double, escaped, blank, plain] of line.matchAll(piece)) {
    if (blank !== undefined) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    const inside = double?.replaceAll(/\\(["\\$`\n])/g, (_, one: string) =>
      one === "\n" ? "" : one,
    );
    const text = single ?? inside ?? escaped ?? plain;
    if (text !== undefined) word = (word ?? "") + text;
  }
  return word === null ? words : [...words, word];
}
