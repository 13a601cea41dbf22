// Brings what is edited to the server's draft: begins one with the first change, saves a moment
// after the last, holds every change on the device until then, and never writes over another's.

import { asProblem, Problem } from "@/api/problem.ts";
import type { Draft, EditShown, Finding } from "@/api/types.ts";

import { type Recipe, recipeOf } from "./recipe.ts";

/** What the server has: the draft, or the alias while there is none. */
export interface Known {
  readonly draftId: string | null;
  readonly etag: string;
  readonly seq: number;
  readonly text: string;
  /** null while the text cannot be read. */
  readonly recipe: Recipe | null;
  readonly errors: Draft["errors"];
  readonly findings: readonly Finding[];
  readonly effective: Draft["effective"];
  /** Of the alias when the draft was begun; null where there is no draft. */
  readonly baseEtag: string | null;
}

export type Status = "saved" | "waiting" | "saving" | "offline" | "refused" | "conflict";

export interface Snapshot {
  readonly known: Known;
  readonly status: Status;
  /** When the draft was saved last, in milliseconds since the epoch; null if not by this window. */
  readonly savedAt: number | null;
  /** Why the last save was refused. */
  readonly problem: Problem | null;
  /** What somebody else has made of it meanwhile; the next step is a person's. */
  readonly theirs: Known | null;
  /** The state that `known` tells of; findings and values of another one are old. */
  readonly reached: Recipe;
}

export interface DraftServer {
  readonly begin: () => Promise<Draft>;
  readonly show: (id: string) => Promise<Draft>;
  /** The alias itself, where its draft is gone. */
  readonly alias: () => Promise<Known>;
  readonly edit: (draft: Based, edits: readonly EditShown[]) => Promise<Draft>;
  readonly replace: (draft: Based, text: string) => Promise<Draft>;
}

export interface Mirror {
  readonly keep: (etag: string, recipe: Recipe) => void;
  readonly forget: () => void;
}

interface Based {
  readonly id: string;
  readonly etag: string;
}

interface Options {
  readonly server: DraftServer;
  readonly mirror: Mirror;
  readonly editsBetween: (before: Recipe, after: Recipe) => readonly EditShown[];
  /** The whole text of a state, where it is known; null where it follows from edits. */
  readonly textOf: (goal: Recipe) => string | null;
  /** What a text that was typed says, once the server has read it. */
  readonly onRead: (goal: Recipe, read: Recipe) => void;
  readonly now?: () => number;
}

export const AFTER_MS = 150;
const RETRY_MS = 2_000;

export class DraftSync {
  private shown: Snapshot;
  private wanted: Recipe;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private readonly waiting = new Set<() => void>();
  private readonly options: Options;

  constructor(known: Known, wanted: Recipe, options: Options) {
    this.options = options;
    this.wanted = wanted;
    this.shown = {
      known,
      status: "saved",
      savedAt: null,
      problem: null,
      theirs: null,
      reached: known.recipe ?? wanted,
    };
  }

  readonly subscribe = (wake: () => void): (() => void) => {
    this.waiting.add(wake);
    return () => {
      this.waiting.delete(wake);
    };
  };

  readonly snapshot = (): Snapshot => this.shown;

  /** From here on the draft is to be this; it is saved a moment after the last change. */
  want(recipe: Recipe): void {
    if (recipe === this.wanted && this.isAt(recipe)) return;
    this.wanted = recipe;
    this.options.mirror.keep(this.shown.known.etag, recipe);
    if (this.shown.theirs !== null) return;
    this.say({ status: "waiting", problem: null });
    this.schedule(AFTER_MS);
  }

  /** Save at once; whether the server has what is wanted. */
  async flush(): Promise<boolean> {
    if (this.shown.theirs !== null) return false;
    clearTimeout(this.timer);
    await this.run();
    return this.shown.status === "saved" && this.isAt(this.wanted);
  }

  /** What somebody else has made of it; nothing is written until it is settled. */
  meet(theirs: Known, mine = this.wanted): void {
    clearTimeout(this.timer);
    this.wanted = mine;
    this.say({ theirs, status: "conflict" });
  }

  /** Settle a conflict: what is wanted here goes on top of theirs. */
  keepMine(): void {
    const { theirs } = this.shown;
    if (theirs === null) return;
    this.say({ known: theirs, theirs: null, reached: theirs.recipe ?? this.shown.reached });
    this.options.mirror.keep(theirs.etag, this.wanted);
    this.say({ status: "waiting" });
    this.schedule(0);
  }

  /** Begin anew from what the server has: theirs was taken, or mine was published. */
  restart(known: Known, recipe: Recipe): void {
    clearTimeout(this.timer);
    this.wanted = recipe;
    this.options.mirror.forget();
    this.say({ known, status: "saved", problem: null, theirs: null, reached: recipe });
  }

  /** Nothing more is saved; what is not saved yet is on the device. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private schedule(afterMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), afterMs);
  }

  private run(): Promise<void> {
    this.running ??= this.save().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async save(): Promise<void> {
    try {
      while (this.shown.theirs === null && !this.isAt(this.wanted)) {
        this.say({ status: "saving" });
        await this.step(this.wanted);
      }
      if (this.shown.theirs !== null) return;
      // Of a draft that cannot be read, only the device knows how the form had it.
      if (this.shown.known.recipe === null)
        this.options.mirror.keep(this.shown.known.etag, this.wanted);
      else this.options.mirror.forget();
      this.say({ status: "saved", problem: null, reached: this.wanted });
    } catch (error) {
      await this.failed(asProblem(error)).catch(() => {
        this.later();
      });
    }
  }

  /** One request on the way to a state. */
  private async step(goal: Recipe): Promise<void> {
    const { known } = this.shown;
    if (known.draftId === null) {
      const begun = knownOf(await this.options.server.begin());
      // The alias had a draft already, with changes that nobody has seen here.
      if (begun.text !== known.text) this.meet(begun);
      else this.say({ known: { ...begun, recipe: begun.recipe ?? known.recipe } });
      return;
    }
    const based = { id: known.draftId, etag: known.etag };
    const text = this.options.textOf(goal);
    const answer = await (text === null
      ? this.options.server.edit(based, this.edits(goal))
      : this.options.server.replace(based, text));
    const fresh = knownOf(answer);
    const savedAt = (this.options.now ?? Date.now)();
    this.say({ known: fresh, reached: goal, savedAt });
    if (goal.text !== null && fresh.recipe !== null) this.options.onRead(goal, fresh.recipe);
  }

  private async failed(problem: Problem): Promise<void> {
    const { draftId } = this.shown.known;
    if (problem.code === "draft_changed" && draftId !== null) {
      this.meet(knownOf(await this.options.server.show(draftId)));
    } else if (problem.code === "draft_not_found") {
      this.meet(await this.options.server.alias());
    } else if (problem.status === 0 || problem.status >= 500) {
      this.later();
    } else {
      this.say({ status: "refused", problem });
    }
  }

  private later(): void {
    this.say({ status: "offline" });
    this.schedule(RETRY_MS);
  }

  private isAt(goal: Recipe): boolean {
    const { reached, known } = this.shown;
    if (goal === reached) return true;
    const text = this.options.textOf(goal);
    if (text !== null) return text === known.text;
    return this.edits(goal).length === 0;
  }

  private edits(goal: Recipe): readonly EditShown[] {
    const { known, reached } = this.shown;
    return this.options.editsBetween(known.recipe ?? reached, goal);
  }

  private say(change: Partial<Snapshot>): void {
    this.shown = { ...this.shown, ...change };
    for (const wake of this.waiting) wake();
  }
}

export function knownOf(draft: Draft): Known {
  return {
    draftId: draft.id,
    etag: draft.etag,
    seq: draft.seq,
    text: draft.source_text,
    recipe: draft.recipe === null ? null : recipeOf(draft.recipe),
    errors: draft.errors,
    findings: draft.findings,
    effective: draft.effective,
    baseEtag: draft.base_etag,
  };
}
