// The words of the models screen.

const plural = new Intl.PluralRules("en");
const counted = (n: number, one: string, other: string): string =>
  `${n.toLocaleString("en")} ${plural.select(n) === "one" ? one : other}`;

export const t = {
  title: "Models",
  counts: (files: number, repos: number) =>
    `${counted(files, "model file", "model files")} in ${counted(repos, "repository", "repositories")}`,
  search: "Search models",
  loading: "Loading the models",
  emptyTitle: "No model file is on this machine yet",
  emptyText:
    "Bodhi lists every GGUF file of the Hugging Face cache, and of added folders. Name one to download it:",
  noMatch: "No model fits the search.",
  unread: (n: number) => `${counted(n, "folder", "folders")} could not be listed`,
  quantizations: (repo: string) => `Quantizations of ${repo}`,
  createAlias: "Create alias",
  tryIt: "Try",
  page: "Repository",
  facts: "What the header says",
  architecture: "Architecture",
  parameters: "Parameters",
  trained: "Trained context",
  layers: "Layers",
  embedding: "Embedding length",
  license: "License",
  file: "File",
  parts: "Parts",
  size: "Size",
  snapshot: "Snapshot",
  path: "Path",
  template: "Chat template",
  templateYes: "in the file",
  templateNo: "none in the file",
  fit: "Memory",
  fitParts: { weights: "Weights", kv_cache: "KV cache", state: "State", compute: "Compute" },
  fitFails: "What it takes cannot be told.",
  usedBy: "Aliases on this file",
  usedByNone: "No alias of yours uses it yet.",
  downloads: "Downloads",
  downloadLabel: "Download a model",
  downloadHint: "owner/repo:Q4_K_M",
  download: "Download",
  downloadsNone: "Nothing is downloaded unless you ask for it.",
  cancel: "Cancel",
  resume: "Resume",
  states: {
    waiting: "Waiting",
    running: "Downloading",
    done: "Done",
    failed: "Failed",
    cancelled: "Cancelled",
    interrupted: "Interrupted",
  },
  progress: (done: string, total: string) => `${done} of ${total}`,
  progressOf: (title: string) => `Progress of ${title}`,
} as const;
