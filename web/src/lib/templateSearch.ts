// Which chat template an address shows, or what a new one begins with. Pure.

export interface TemplateSearch {
  /** As the list has it. */
  readonly sel?: string;
  /** A new one: the text of this template, or a plain one where it is empty. */
  readonly from?: string;
}

export function readTemplateSearch(raw: Readonly<Record<string, unknown>>): TemplateSearch {
  if (typeof raw.from === "string") return { from: raw.from };
  return typeof raw.sel === "string" ? { sel: raw.sel } : {};
}
