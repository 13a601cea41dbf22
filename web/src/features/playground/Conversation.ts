// One thread and the answer that is coming into it: ask, stop, ask again, go on, edit.

import { asProblem, problemOf } from "@/api/problem.ts";
import { type Tried, tryRecipe } from "@/api/trials.ts";
import { announce } from "@/components/announcer.ts";
import { oncePerFrame } from "@/components/oncePerFrame.ts";
import { t as trialWords } from "@/components/trial/messages.en.ts";
import { told, TRIAL_BEGINS, type TrialState } from "@/lib/trial.ts";

import {
  type Answer,
  before,
  isAnswering,
  type ShownProblem,
  spokenIn,
  type Thread,
  type Turn,
} from "./thread.ts";

export interface Recipe {
  readonly alias: string;
  readonly edits: Tried["edits"] & object;
  readonly changes: number;
}

// While an answer comes, the thread is written down this often.
const KEEP_EVERY_MS = 300;

export class Conversation {
  private thread: Thread;
  private aborter: AbortController | null = null;
  private keptAt = 0;
  private hasKeptWords = false;
  private catchUp: (() => void) | null = null;
  private isDiscarded = false;
  private isWaiting = false;
  private readonly keep: (thread: Thread) => void;
  private readonly waiting = new Set<() => void>();

  constructor(thread: Thread, keep: (thread: Thread) => void) {
    this.thread = thread;
    this.keep = keep;
  }

  readonly subscribe = (wake: () => void): (() => void) => {
    this.waiting.add(wake);
    return () => {
      this.waiting.delete(wake);
    };
  };

  readonly snapshot = (): Thread => this.thread;

  /** A question; it is answered by `answerSaid`. */
  readonly say = (text: string): void => {
    if (isAnswering(this.thread)) return;
    this.isWaiting = true;
    this.change({ turns: [...this.thread.turns, { role: "user", id: fresh(), text }] });
  };

  /** Answers what was said and not yet answered, if there is something. */
  readonly answerSaid = (recipe: Recipe): Promise<void> => {
    if (!this.isWaiting) return Promise.resolve();
    this.isWaiting = false;
    return this.answer(answerOf(recipe), recipe);
  };

  /** The last question again; its answer gives way. */
  readonly retry = (recipe: Recipe): Promise<void> => {
    const last = this.thread.turns.at(-1);
    if (last === undefined || isAnswering(this.thread)) return Promise.resolve();
    if (last.role === "assistant") this.change({ turns: this.thread.turns.slice(0, -1) });
    return this.answer(answerOf(recipe), recipe);
  };

  /** From where the last answer broke off. */
  readonly goOn = (recipe: Recipe): Promise<void> => {
    const last = this.thread.turns.at(-1);
    if (last?.role !== "assistant" || isAnswering(this.thread)) return Promise.resolve();
    const { text, thought, pieces } = last.trial;
    this.change({ turns: this.thread.turns.slice(0, -1) });
    const trial = { ...TRIAL_BEGINS, text, thought, pieces };
    return this.answer({ ...answerOf(recipe), id: last.id, trial }, recipe);
  };

  /** A question that is another one is asked anew, and what followed it is gone. */
  readonly editQuestion = (id: string, text: string): void => {
    if (isAnswering(this.thread)) return;
    this.change({ turns: before(this.thread.turns, id) });
    this.say(text);
  };

  readonly editAnswer = (id: string, text: string): void => {
    const turns = this.thread.turns.map((turn) =>
      turn.id === id && turn.role === "assistant"
        ? { ...turn, trial: { ...turn.trial, text } }
        : turn,
    );
    this.change({ turns });
  };

  readonly setTurns = (turns: readonly Turn[]): void => {
    this.stop();
    this.change({ turns });
  };

  readonly setSystem = (system: string): void => {
    this.change({ system });
  };

  readonly rename = (name: string): void => {
    this.change({ name: name.trim() === "" ? null : name.trim() });
  };

  readonly stop = (): void => {
    this.isWaiting = false;
    this.aborter?.abort();
  };

  /** From here on nothing of it is kept. */
  readonly discard = (): void => {
    this.isDiscarded = true;
    this.stop();
  };

  /** What has come is written down at once, drawn or not; null where no answer is coming. */
  readonly keepNow = (): Thread | null => {
    this.catchUp?.();
    if (this.isDiscarded || !isAnswering(this.thread)) return null;
    this.write();
    return this.thread;
  };

  private async answer(answer: Answer, recipe: Recipe): Promise<void> {
    const mine = new AbortController();
    this.aborter = mine;
    let now = answer;
    const earlier = this.thread.turns;
    const showNow = () => {
      this.show([...earlier, now]);
    };
    const draw = oncePerFrame(showNow);
    this.catchUp = showNow;
    this.hasKeptWords = false;
    // What is continued is sent along: the engine writes on after it.
    const messages = spokenIn({ ...this.thread, turns: [...earlier, answer] });
    showNow();
    announce(trialWords.phases.queued);
    try {
      const tried = { alias: recipe.alias, edits: recipe.edits };
      for await (const { event, data } of tryRecipe(tried, messages, mine.signal)) {
        now = { ...now, trial: told(now.trial, event, data) };
        draw();
      }
      if (now.trial.error !== null) now = { ...now, problem: shown(problemOf(now.trial.error)) };
    } catch (error) {
      const isStopped = mine.signal.aborted;
      const trial: TrialState = { ...now.trial, phase: isStopped ? "stopped" : "failed" };
      now = { ...now, trial, problem: isStopped ? null : shown(asProblem(error)) };
    }
    this.catchUp = null;
    this.change({ turns: [...earlier, now] });
    announce(trialWords.phases[now.trial.phase]);
  }

  /** A piece of an answer: drawn now, written down with its first words, then now and then. */
  private show(turns: readonly Turn[]): void {
    // What was edited or cleared meanwhile is not drawn over.
    if (!isAnswering({ ...this.thread, turns })) return;
    this.tell({ ...this.thread, turns });
    const now = performance.now();
    const isFirst = !this.hasKeptWords && hasWords(turns);
    if (!isFirst && now - this.keptAt < KEEP_EVERY_MS) return;
    this.hasKeptWords ||= isFirst;
    this.keptAt = now;
    this.write();
  }

  private change(part: Partial<Thread>): void {
    this.tell({ ...this.thread, ...part, changedAt: Date.now() });
    this.write();
  }

  private write(): void {
    if (!this.isDiscarded) this.keep(this.thread);
  }

  private tell(thread: Thread): void {
    this.thread = thread;
    for (const wake of this.waiting) wake();
  }
}

function hasWords(turns: readonly Turn[]): boolean {
  const last = turns.at(-1);
  return last?.role === "assistant" && last.trial.text + last.trial.thought !== "";
}

function answerOf({ alias, changes }: Recipe): Answer {
  const trial = TRIAL_BEGINS;
  return { role: "assistant", id: fresh(), alias, changes, trial, problem: null };
}

function shown({ message, remedy, code, pointer = null }: ShownProblem): ShownProblem {
  return { message, remedy, code, pointer };
}

/** An id that no other turn or thread of this device has. */
export function fresh(): string {
  // crypto.randomUUID is missing where the page comes over plain HTTP from another machine.
  return Array.from(crypto.getRandomValues(new Uint32Array(3)), (one) => one.toString(36)).join("");
}
