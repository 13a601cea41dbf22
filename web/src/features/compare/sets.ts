// Sets of prompts that are kept on this device, and the table of what was answered to them.

import type { LaneRun } from "./runLanes.ts";

export interface PromptSet {
  readonly id: string;
  readonly name: string;
  readonly prompts: readonly string[];
}

export const MOST_SETS = 50;
export const MOST_PROMPTS = 200;
export const MOST_CHARACTERS = 1_000_000;

const KEY = "bodhi-prompt-sets";

export function keptSets(): readonly PromptSet[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]") as readonly PromptSet[];
  } catch {
    // Another version of the page wrote it otherwise.
    localStorage.removeItem(KEY);
    return [];
  }
}

/** Whether there was room for them. */
export function keepSets(sets: readonly PromptSet[]): boolean {
  const text = JSON.stringify(sets);
  const isTooMuch =
    sets.length > MOST_SETS ||
    text.length > MOST_CHARACTERS ||
    sets.some(({ prompts }) => prompts.length > MOST_PROMPTS);
  if (isTooMuch) return false;
  try {
    localStorage.setItem(KEY, text);
    return true;
  } catch {
    return false;
  }
}

/** What every lane said to one prompt. */
export interface Row {
  readonly prompt: string;
  readonly runs: readonly LaneRun[];
}

export function isDifferent({ runs }: Row): boolean {
  return new Set(runs.map(({ trial }) => trial.text)).size > 1;
}

export function asJson(said: readonly string[], rows: readonly Row[], seed: number): string {
  const results = rows.map(({ prompt, runs }) => ({
    prompt,
    different: isDifferent({ prompt, runs }),
    outputs: runs.map(({ trial, problem }, at) => ({
      lane: said[at],
      served_by: trial.servedBy,
      request_id: trial.requestId,
      text: trial.text,
      reasoning: trial.thought,
      finish_reason: trial.finish,
      timings: trial.timings,
      error: problem?.message ?? null,
    })),
  }));
  return JSON.stringify({ lanes: said, seed, results }, null, 2);
}

export function asCsv(said: readonly string[], rows: readonly Row[]): string {
  const of = (one: string) => [one, `${one} tokens`, `${one} tokens/s`, `${one} first token ms`];
  const head = ["prompt", ...said.flatMap(of)];
  const lines = rows.map(({ prompt, runs }) => [
    prompt,
    ...runs.flatMap(({ trial, problem }) => [
      problem === null ? trial.text : problem.message,
      ...figuresOf(trial.timings),
    ]),
  ]);
  return [head, ...lines].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

function figuresOf(timings: LaneRun["trial"]["timings"]): readonly string[] {
  const figures = [timings?.completion_tokens, timings?.tokens_per_second, timings?.first_token_ms];
  return figures.map((one) => (one === null || one === undefined ? "" : String(one)));
}

/** As RFC 4180 has it; what a spreadsheet would take for a formula gets a quote before it. */
function cell(text: string): string {
  const isNumber = text !== "" && Number.isFinite(Number(text));
  const safe = /^[=+\-@\t\r]/.test(text) && !isNumber ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
