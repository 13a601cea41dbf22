// One parameter of an alias, changed in the alias's draft: each change is saved a moment after it, and
// touches no other line of a draft that somebody else may have begun.

import { asProblem, Problem } from "@/api/problem.ts";
import type { Draft, EditShown, Finding, Parameter } from "@/api/types.ts";
import { editsBetween, settingsIn, type Settings, withSetting } from "@/components/params/edits.ts";
import { type Setting, UNSET } from "@/components/params/setting.ts";

interface Based {
  readonly id: string;
  readonly etag: string;
}

export interface TuningServer {
  /** A new draft of the alias, or the one that it has. */
  readonly begin: () => Promise<Draft>;
  readonly edit: (draft: Based, edits: readonly EditShown[]) => Promise<Draft>;
  readonly discard: (draft: Based) => Promise<void>;
}

/** What is known of the alias's content: its draft, or the alias itself where it has none. */
export interface Start {
  readonly draft: Draft | null;
  readonly settings: Settings;
}

export type Status = "rest" | "waiting" | "saved" | "same" | "failed";

export interface Tuned {
  readonly settings: Settings;
  readonly findings: readonly Finding[];
  readonly status: Status;
  readonly problem: Problem | null;
}

interface Options {
  readonly server: TuningServer;
  readonly params: readonly Parameter[];
  /** The text that is published: a draft that says the same again is none. */
  readonly published: string | null;
  /** The draft has been saved: what is shown of the alias elsewhere is old. */
  readonly onSaved: () => void;
  /** Why a draft whose text is no recipe cannot be changed here. */
  readonly unreadable: () => Problem;
}

const AFTER_MS = 150;

export class Tuning {
  private shown: Tuned;
  private draft: Draft | null;
  private reached: Settings;
  private pending = new Map<string, Setting>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private readonly waiting = new Set<() => void>();
  private readonly options: Options;

  constructor(start: Start, options: Options) {
    this.options = options;
    this.draft = start.draft;
    this.reached = start.settings;
    const findings = start.draft?.findings ?? [];
    this.shown = { settings: start.settings, findings, status: "rest", problem: null };
  }

  readonly subscribe = (wake: () => void): (() => void) => {
    this.waiting.add(wake);
    return () => {
      this.waiting.delete(wake);
    };
  };

  readonly snapshot = (): Tuned => this.shown;

  readonly change = (key: string, setting: Setting): void => {
    this.pending.set(key, setting);
    this.say({ settings: withSetting(this.shown.settings, key, setting), status: "waiting" });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), AFTER_MS);
  };

  /** Makes the edits that a finding offers, after what is not saved yet. */
  async fix(patch: readonly EditShown[]): Promise<void> {
    await this.flush();
    try {
      this.say({ status: "waiting" });
      this.draft ??= await this.options.server.begin();
      this.take(await this.options.server.edit(this.draft, patch));
      this.options.onSaved();
      this.say({ status: "saved", problem: null });
    } catch (error) {
      this.say({ status: "failed", problem: asProblem(error) });
    }
  }

  /** Save what is not saved yet, now. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.running ??= this.save().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async save(): Promise<void> {
    try {
      while (this.pending.size > 0) await this.step();
      const status = (await this.dropIfSame()) ? "same" : "saved";
      if (this.shown.status === "waiting") this.say({ status, problem: null });
    } catch (error) {
      this.say({ status: "failed", problem: asProblem(error) });
    }
  }

  private async step(): Promise<void> {
    if (this.draft === null) this.take(await this.options.server.begin());
    const draft = this.draft;
    if (draft === null) return;
    const wanted = new Map(this.pending);
    const goal = [...wanted].reduce(
      (all, [key, setting]) => withSetting(all, key, setting),
      this.reached,
    );
    const edits = editsBetween(this.reached, goal, this.options.params);
    if (edits.length > 0) {
      this.take(await this.options.server.edit(draft, edits));
      this.options.onSaved();
    }
    // What was changed again meanwhile stays to be saved.
    for (const [key, setting] of wanted)
      if (this.pending.get(key) === setting) this.pending.delete(key);
  }

  private async dropIfSame(): Promise<boolean> {
    const { draft } = this;
    if (draft === null) return false;
    if (draft.source_text !== this.options.published) return false;
    await this.options.server.discard(draft);
    this.draft = null;
    this.options.onSaved();
    return true;
  }

  private take(draft: Draft): void {
    if (draft.recipe === null) throw this.options.unreadable();
    this.draft = draft;
    this.reached = settingsIn(draft.recipe);
    const settings = [...this.pending].reduce(
      (all, [key, setting]) => withSetting(all, key, setting),
      this.reached,
    );
    this.say({ settings, findings: draft.findings });
  }

  private say(change: Partial<Tuned>): void {
    this.shown = { ...this.shown, ...change };
    for (const wake of this.waiting) wake();
  }
}

export function settingOfKey(settings: Settings, key: string): Setting {
  return settings.get(key) ?? UNSET;
}
