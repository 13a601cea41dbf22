// The words of an answer to a trial: phases, figures, what was in force, what went wrong.
import { counted } from "@/messages.en.ts";

export const t = {
  phases: {
    queued: "Waiting for a free slot",
    loading: "Loading the model",
    prompt: "Reading the prompt",
    reasoning: "Thinking",
    content: "Answering",
    done: "Done",
    failed: "Failed",
    stopped: "Stopped",
  },
  short: {
    queued: "queue",
    loading: "load",
    prompt: "prompt",
    reasoning: "thinking",
    content: "answer",
  },
  percent: (n: number) => `${n} %`,
  otherEngine: "Another engine is loaded for this: values that need a load differ.",
  willLoad: "The model is loaded for this.",
  thoughts: "Thoughts",
  failed: "The answer failed",
  engineLines: "What the engine said last",
  stoppedAfter: (n: number) => `Stopped after ${counted(n, "token", "tokens")}; the text is kept.`,
  cutAfter: (n: number) => `Cut off after ${counted(n, "token", "tokens")}; the text is kept.`,
  noAnswer: "The alias answered with nothing.",

  figures: "Figures",
  first: "First token",
  speed: "Speed",
  perSecond: (n: string) => `${n} tok/s`,
  answer: "Answer",
  prompt: "Prompt",
  tokens: (n: number) => counted(n, "token", "tokens"),
  total: "Total",
  memory: "Memory",
  finish: "Ended",
  finishes: {
    stop: "by itself",
    length: "at the limit",
    tool_calls: "with a tool call",
  } as Readonly<Record<string, string>>,
  servedBy: "Served by",
  timeline: "Where the time went",

  inForce: (n: number) =>
    n === 0 ? "Request id" : `What was in force: ${counted(n, "value", "values")}, request id`,
  requestId: "Request",
  seed: "Seed",
  parameter: "Parameter",
  value: "Value",
  from: "From",
} as const;
