// A conversation as it is kept: questions, answers with what they were made with, a name. Pure.

import type { Spoken } from "@/api/trials.ts";
import { isOver, type TrialState } from "@/lib/trial.ts";

export interface Question {
  readonly role: "user";
  readonly id: string;
  readonly text: string;
}

export interface Answer {
  readonly role: "assistant";
  readonly id: string;
  /** The alias that was asked, and how many of its values were changed for it. */
  readonly alias: string;
  readonly changes: number;
  readonly trial: TrialState;
  readonly problem: ShownProblem | null;
}

/** What of an error can be kept. */
export interface ShownProblem {
  readonly message: string;
  readonly remedy: string | null;
  readonly code: string;
  /** Absent in threads of earlier versions. */
  readonly pointer?: string | null;
}

export type Turn = Question | Answer;

export interface Thread {
  readonly id: string;
  /** null until somebody names it. */
  readonly name: string | null;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
  readonly system: string;
  readonly turns: readonly Turn[];
}

export function freshThread(id: string, now: number): Thread {
  return { id, name: null, changedAt: now, system: "", turns: [] };
}

const PARAMETER = /^\/(?:context_params|request_params|request_policy)\/(\w+)/;

/** The registry key of the parameter that an error is about; null where it is about none. */
export function guiltyIn({ pointer }: ShownProblem): string | null {
  return PARAMETER.exec(pointer ?? "")?.[1] ?? null;
}

export function isEmpty({ turns, system }: Thread): boolean {
  return turns.length === 0 && system === "";
}

const LONGEST_TITLE = 60;

/** Its name, or how it begins; "" where it has not begun. */
export function titleOf({ name, turns }: Thread): string {
  if (name !== null) return name;
  const first =
    turns
      .find((turn) => turn.role === "user")
      ?.text.trim()
      .replace(/\s+/g, " ") ?? "";
  return first.length > LONGEST_TITLE ? `${first.slice(0, LONGEST_TITLE - 1)}…` : first;
}

export function isAnswering({ turns }: Thread): boolean {
  const last = turns.at(-1);
  return last?.role === "assistant" && !isOver(last.trial);
}

/** What is sent: the system prompt and every turn that says something. */
export function spokenIn({ system, turns }: Thread): readonly Spoken[] {
  const first: Spoken[] = system.trim() === "" ? [] : [{ role: "system", content: system }];
  const others = turns.map(({ role, ...turn }): Spoken => ({
    role,
    content: "text" in turn ? turn.text : turn.trial.text,
  }));
  return [...first, ...others.filter(({ content }) => content !== "")];
}

/** The turns up to this one, without it. */
export function before(turns: readonly Turn[], id: string): readonly Turn[] {
  const at = turns.findIndex((turn) => turn.id === id);
  return at === -1 ? turns : turns.slice(0, at);
}

/** As it is after a reload: what was still coming has been cut off. */
export function recovered(thread: Thread): Thread {
  if (!isAnswering(thread)) return thread;
  return {
    ...thread,
    turns: thread.turns.map((turn) =>
      turn.role === "user" || isOver(turn.trial)
        ? turn
        : { ...turn, trial: { ...turn.trial, phase: "stopped" } },
    ),
  };
}

/** Whether it holds every word, in its name or in what was said. */
export function holds(thread: Thread, typed: string): boolean {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const said = spokenIn(thread).map(({ content }) => content);
  const text = [titleOf(thread), ...said].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}

export function asMarkdown(
  thread: Thread,
  heads: Readonly<Record<Spoken["role"], string>>,
): string {
  const title = titleOf(thread);
  const parts = spokenIn(thread).map(({ role, content }) => `## ${heads[role]}\n\n${content}\n`);
  return [`# ${title}\n`, ...parts].join("\n");
}

export function asJson(thread: Thread): string {
  const turns = thread.turns.map((turn) =>
    turn.role === "user"
      ? { role: turn.role, content: turn.text }
      : {
          role: turn.role,
          content: turn.trial.text,
          reasoning: turn.trial.thought,
          alias: turn.trial.servedBy ?? turn.alias,
          changed_values: turn.changes,
          request_id: turn.trial.requestId,
          finish_reason: turn.trial.finish,
          timings: turn.trial.timings,
          parameters: Object.fromEntries(turn.trial.inForce.map(({ key, value }) => [key, value])),
        },
  );
  const { system } = thread;
  return JSON.stringify({ name: titleOf(thread), system, messages: turns }, null, 2);
}
