// The words of the screen of chat templates.

const plural = new Intl.PluralRules("en");
const counted = (n: number, one: string, other: string): string =>
  `${n.toLocaleString("en")} ${plural.select(n) === "one" ? one : other}`;

export const t = {
  title: "Templates",
  lead: "How a conversation becomes the prompt that a model reads.",
  loading: "Loading templates",
  list: "Chat templates",
  groups: {
    file: "Your own",
    builtin: "Built in",
    embedded: "In model files",
    repository: "From repositories",
  },
  ownNone: "None yet.",
  newOne: "New template",
  newTitle: "A template of your own",
  choose: "Choose a template to read it, or write one of your own.",
  usedBy: (n: number) => counted(n, "alias", "aliases"),
  usedByTitle: "Aliases that use it",
  usedByNone: "No alias uses it.",
  families: "For",
  tokens: "Its special tokens",
  named: "Others in the same file",
  text: "Jinja text",
  textOf: (name: string) => `Text of ${name}`,
  name: "Name",
  nameHint: "The file’s name without .jinja; an alias says file:NAME",
  copyIt: "Copy as your own",
  copyName: (name: string) => `${name.replaceAll(/[^A-Za-z0-9._-]+/g, "-").slice(-40)}-copy`,
  save: "Save",
  saved: (name: string) => `Saved ${name}`,
  delete: "Delete",
  deleted: (name: string) => `Deleted ${name}`,
  restored: (name: string) => `Restored ${name}`,
  undo: "Undo",
  unsaved: "Not saved yet",
  unchanged: "As it is on the server",
  leave: "Leave without saving?",
  load: "Load theirs",
  inUse: (n: number) =>
    `${counted(n, "alias uses", "aliases use")} it and will not serve until there is one of this name again.`,
  rendered: "What it makes of a conversation",
  samples: { plain: "Plain", system: "System prompt", tools: "Tools" },
  sampleLabel: "Sample conversation",
  prompt: "The prompt",
  marks: (n: number) => counted(n, "special token", "special tokens"),
  fails: "It has an error",
  at: (line: number, column: number | null) =>
    column === null ? `Line ${line}` : `Line ${line}, column ${column}`,
  goThere: "Go there",
  begins:
    "{%- for message in messages %}\n<|{{ message.role }}|>\n{{ message.content }}<|end|>\n{%- endfor %}\n{%- if add_generation_prompt %}\n<|assistant|>\n{% endif %}",
} as const;
