// The four ways in which an alias says its chat template, and its own text. Pure.

export type TemplateKind = "embedded" | "builtin" | "file" | "repository" | "own";

const INLINE = /\{[{%]/;

/** As the server reads it: `chat_templates/sources.py`. */
export function kindOf(declared: string | null, builtins: readonly string[]): TemplateKind {
  if (declared === null || declared === "embedded" || declared.startsWith("embedded:"))
    return "embedded";
  if (INLINE.test(declared)) return "own";
  if (declared.startsWith("file:")) return "file";
  return builtins.includes(declared) || !declared.includes("/") ? "builtin" : "repository";
}

/** Whether a text names a repository: `owner/name`. */
export function isRepository(text: string): boolean {
  return /^[\w.-]+\/[\w.-]+(:[\w.-]+)?$/.test(text);
}

/** What is said when a kind is chosen and nothing of it yet. */
export const OWN_BEGINS =
  "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}assistant:";
