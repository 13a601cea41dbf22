// The words of the dashboard.

const plural = new Intl.PluralRules("en");
const counted = (n: number, one: string, other: string): string =>
  `${n.toLocaleString("en")} ${plural.select(n) === "one" ? one : other}`;

export const t = {
  title: "Model aliases",
  create: "New alias",
  stats: "At a glance",
  total: "All aliases",
  user: "Your aliases",
  active: "Active in 24 h",
  most: "Most active",
  none: "None yet",
  perHour: (n: number) => `${n.toLocaleString("en")} in the last hour`,
  models: (n: number) => counted(n, "model", "models"),
  inFlight: (n: number) => `${n.toLocaleString("en")} now`,
  requests: (n: number) => counted(n, "request", "requests"),
  noFigures: "Figures cannot be read now",
  quick: "Quick actions",
  quickCreate: "Create an alias",
  quickCreateText: "From a model file on this machine",
  quickClone: "Clone a popular one",
  quickCloneText: (name: string) => `${name} is used most`,
  quickCloneNone: "Once one was used, the most used is here",
  quickPlayground: "Open the playground",
  quickPlaygroundText: "Try a prompt, change values, compare",
  quickModels: "Look at the model files",
  quickModelsText: "What is here, and what fits this machine",
  attention: "Needs attention",
  attentionNone: "Nothing: every alias can serve.",
  attentionErrors: (n: number) => counted(n, "alias cannot serve", "aliases cannot serve"),
  attentionDrafts: (n: number) => counted(n, "draft is not published", "drafts are not published"),
  recent: "Recent",
  recentNone: "What you look at and use stands here.",
  activity: "Requests in the last 24 hours",
  activityNone: "No requests in the last 24 hours. This is how one is made:",
  inShell: "In a shell",
  emptyTitle: "No aliases yet",
  emptyText:
    "Every model file on this machine is an alias by itself. Bring one, then write a recipe for it.",
  loading: "Loading the dashboard",
  pull: "bodhi pull owner/repo:Q4_K_M",
} as const;
