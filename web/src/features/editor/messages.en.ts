// The words of making and editing an alias.

const plural = new Intl.PluralRules("en");
const counted = (n: number, one: string, other: string): string =>
  `${n.toLocaleString("en")} ${plural.select(n) === "one" ? one : other}`;

export const t = {
  edit: "Edit",
  editing: (name: string) => `Edit ${name}`,
  step: (label: string, value: string) => `${label} → ${value}`,
  unset: "unset",
  undid: (label: string) => `Undid: ${label}`,
  redid: (label: string) => `Did again: ${label}`,
  undo: (label: string | undefined) => (label === undefined ? "Nothing to undo" : `Undo: ${label}`),
  redo: (label: string | undefined) =>
    label === undefined ? "Nothing to do again" : `Do again: ${label}`,
  save: "Save",
  discard: "Discard",
  unsaved: (n: number) => `${counted(n, "change", "changes")} not saved`,
  saved: "All saved",
  savedToast: (name: string) => `Saved ${name}`,
  stale: "Somebody else has changed this alias since.",
  keepMine: "Keep mine on top",
  loadTheirs: "Take theirs",
  generic: "The model file is not here: these are the engine’s ranges, not the model’s.",
  loading: "Loading the parameters",
  toReview: (n: number) => `${n} to review`,
  readOnly: "The alias of a model cannot be edited. An alias of your own can.",
  leave: "There are changes that are not saved. They stay on this device.",

  createTitle: "New alias",
  createLead:
    "A name and a model file are all it needs. Everything else is inherited until you set it.",
  model: "Model file",
  modelHint: "What answers. Nothing is downloaded.",
  name: "Name",
  nameHint: "What programs will say as model, such as llama3:instruct",
  required: "required",
  create: "Create and edit",
  noModels: "No model file is on this machine yet",
  noModelsText: "Bodhi lists every GGUF file of the Hugging Face cache. This gets one:",
  chooseModel: "Choose a model file",
  from: (name: string) => `Made from ${name}`,
} as const;
