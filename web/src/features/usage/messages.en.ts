// The words of the usage screen.
import { count, counted } from "@/messages.en.ts";

export const t = {
  title: "Usage",
  unknown: "–",
  span: "Time",
  lasts: { "24h": "24 hours", "7d": "7 days", "30d": "30 days" },
  custom: "Own",
  from: "From",
  to: "To",
  apply: "Show",
  wrongSpan: "It must begin before it ends.",
  every: "One column for each",
  everies: { hour: "Hour", day: "Day" },
  alias: "Alias",
  allAliases: "All aliases",
  model: "Model",
  allModels: "All models",
  clear: "Clear",
  openAlias: "Open the alias",
  openModel: "Open the model",
  showAll: "Show all usage",
  loading: "Loading usage",
  count,

  empty: "No requests in this range",
  emptyText:
    "Nothing was asked in this time, so there is nothing to draw. A longer one may tell more.",
  longer: "Show the last 30 days",
  trouble: (why: string) => `Records wait to be written, so these figures are behind: ${why}`,
  lost: (n: number) => `${counted(n, "record", "records")} could not be kept: figures are too low.`,

  numbers: "At a glance",
  requests: "Requests",
  ended: (refused: number, failed: number, left: number) =>
    [
      refused === 0 ? "" : `${count(refused)} refused`,
      failed === 0 ? "" : `${count(failed)} failed`,
      left === 0 ? "" : `${count(left)} left early`,
    ]
      .filter((part) => part !== "")
      .join(", "),
  allFinished: "all of them finished",
  success: "Success",
  percent: (share: number) => `${(share * 100).toFixed(1)} %`,
  successMeans: "finished, of those not refused",
  notEnough: "fewer than 20 requests",
  firstToken: "First token",
  firstTokenMeans: "on average, loading included",
  speed: "Speed",
  speedMeans: "of generation alone",
  perSecond: (n: string) => `${n} tok/s`,
  tokens: "Tokens answered",
  tokensRead: (n: number, cached: number) =>
    cached === 0 ? `${count(n)} read` : `${count(n)} read, ${count(cached)} cached`,

  bySource: "Requests by kind of alias",
  bySourceNote: (user: number, model: number) =>
    `${count(user)} by your aliases, ${count(model)} by models’ own`,
  sources: {
    user: "User aliases",
    model: "Model aliases",
    draft: "Trials",
    none: "Named nothing there is",
  } as Readonly<Record<string, string>>,
  kinds: {
    user: "user",
    model: "model",
    draft: "trial",
    none: "none",
  } as Readonly<Record<string, string>>,
  overTime: "Requests over time",
  wentWell: "Went well",
  wentWrong: "Failed or interrupted",
  time: "Time",
  total: "Total",

  firstTokenOverTime: "Time to first token",
  speedOverTime: "Speed of generation",
  gap: "Where nothing was measured, nothing is drawn.",

  experiments: "Experiments",
  experimentsNote: (trials: number, publishes: number) =>
    `${counted(trials, "trial", "trials")}, ${count(publishes)} published`,
  experimentsOf: (trials: number, publishes: number) =>
    `${counted(trials, "trial", "trials")} and ${counted(publishes, "publish", "publishes")} of this alias`,
  experimentsNone: "Nothing was tried or published on these days.",
  trials: "Trials",
  publishes: "Published",
  wholeDays: "by whole days, UTC",
  kind: "Kind",
  day: "Day",

  adjusted: "What is adjusted most",
  adjustedNote: "parameters given another value, by whole days, UTC",
  adjustedNone: "Nobody gave a parameter another value.",
  field: "Field",
  callers: "In requests",
  published: "In the alias",
  aliasesThatSet: (field: string) => `Aliases that set ${field}`,

  templates: "Chat templates",
  templatesNone: "No chat template was used.",
  template: "Template",
  templateNames: { embedded: "Embedded in the model", "": "A remote’s own" } as Readonly<
    Record<string, string>
  >,
  share: "Share",
  ofRequests: (n: number, share: string) => `${count(n)} · ${share}`,

  aliases: "Aliases",
  aliasesNote: "most requests first",
  aliasesNone: "No alias was asked.",
  trialOf: (name: string) => `${name} (trial)`,
  models: "Models",
  modelsNone: "No model answered.",
  moreIn: (n: number) => `${count(n)} more in the table`,
  lastUsed: "Last used",
} as const;
