// The words of the comparison.

const plural = new Intl.PluralRules("en");
const counted = (n: number, one: string, other: string): string =>
  `${n.toLocaleString("en")} ${plural.select(n) === "one" ? one : other}`;

export const t = {
  title: "Compare",
  lead: "The same question to two to four recipes, at once and with one seed.",
  laneOf: (letter: string, name: string) => `Lane ${letter}: ${name}`,
  choose: (letter: string) => `What answers in lane ${letter}`,
  chooseHint: "An alias, a version, a draft",
  none: "Nothing has this name",
  groups: { aliases: "Aliases", versions: "Versions", drafts: "Drafts" },
  version: (name: string, n: number) => `${name}@${n}`,
  draftOf: (name: string) => `${name} · draft`,
  addLane: "Add a lane",
  removeLane: (letter: string) => `Remove lane ${letter}`,
  chooseTwo: "Choose at least two to compare.",
  nearest: (name: string) => `Compare with ${name}`,

  parameters: "Parameters",
  onlyDifferences: "Only differences",
  allSame: "No parameter differs.",
  parameter: "Parameter",
  engineDecides: "engine decides",
  cannotServe: "This one cannot serve now.",

  modes: { one: "One prompt", set: "A set of prompts" },
  modesLabel: "What to ask",
  prompt: "Prompt",
  promptHint: "The same question to every lane",
  system: "System prompt",
  systemHint: "Said first, in every lane",
  seed: "Seed",
  newSeed: "Draw another seed",
  run: "Run all",
  stop: "Stop",
  waiting: "Not asked yet",
  words: "Word differences from lane A",
  vote: "Best",
  voted: "Voted best",
  voteFor: (letter: string) => `Best: lane ${letter}`,
  votes: (letter: string, n: number) => `${letter} ${n}`,
  votesLabel: "Votes",
  toDraft: "Take into a draft",
  draftExists: (name: string) => `${name} has a draft already. Publish or discard it first.`,
  nameTitle: (name: string) => `An alias of your own from ${name}`,
  nameHint: "A model’s own alias cannot be changed; this makes one that can",
  create: "Create",

  set: "Set",
  newSet: "New set",
  setName: "Name of the set",
  untitled: "Untitled",
  promptOf: (n: number) => `Prompt ${n}`,
  addPrompt: "Add a prompt",
  removePrompt: (n: number) => `Remove prompt ${n}`,
  removeSet: "Delete the set",
  removedSet: (name: string) => `Deleted “${name}”`,
  undo: "Undo",
  full: "This device keeps 50 sets of 200 prompts, of a million characters together. The last change is not kept: delete something.",
  results: "Results",
  which: "Which rows to show",
  rows: { all: "All", different: "Different" },
  noneDiffers: "Every lane says the same.",
  progress: (done: number, all: number) => `${done} of ${counted(all, "prompt", "prompts")} asked`,
  exportCsv: "Export CSV",
  exportJson: "Export JSON",
  fileName: "comparison",
  figures: (speed: string | null, tokens: number | null) =>
    [
      speed === null ? null : `${speed} tok/s`,
      tokens === null ? null : counted(tokens, "token", "tokens"),
    ]
      .filter((one) => one !== null)
      .join(" · "),
} as const;
