// One alias being edited: the way back and forth, and the draft that follows it.

import { beginDraft, discardDraft, editDraft, replaceDraft, showDraft } from "@/api/drafts.ts";
import type { Draft, EditShown, FixShown, Parameter } from "@/api/types.ts";
import { announce } from "@/components/announcer.ts";
import { patched, withSetting } from "@/components/params/edits.ts";
import type { Setting } from "@/components/params/setting.ts";
import { withoutEntry } from "@/lib/aliasText.ts";
import { begin, changed, type History, redone, undone } from "@/lib/history.ts";
import { valueText } from "@/lib/values.ts";

import { DraftSync, type Known, knownOf, type Snapshot } from "./DraftSync.ts";
import type { Other } from "./errors.ts";
import type { Loaded } from "./loaded.ts";
import { t } from "./messages.en.ts";
import { type Mirrored, mirrored, mirrorOf } from "./mirror.ts";
import { type Basics, changedIn, type Recipe, recipeEdits } from "./recipe.ts";

export interface Editing {
  readonly history: History<Recipe>;
  readonly recipe: Recipe;
  readonly sync: Snapshot;
  /** The alias as it is published; null while its file cannot be read. */
  readonly published: Recipe | null;
  /** Keys of parameters and paths of basics that differ from what is published. */
  readonly changed: ReadonlySet<string>;
  /** Some of it was only on this device when the page was opened. */
  readonly isRestored: boolean;
  /** The alias's content that may be written over, though it is newer than the draft's base. */
  readonly over: string | null;
  /** The text that was typed cannot be read: the form has nothing to show. */
  readonly isUnreadable: boolean;
}

type Listed = Pick<Draft, "id" | "seq" | "etag">;
type Change = Omit<Parameters<typeof changed<Recipe>>[1], "at">;

export class EditorStore {
  readonly sync: DraftSync;
  private readonly loaded: Loaded;
  private readonly labels: ReadonlyMap<string, string>;
  private readonly waiting = new Set<() => void>();
  private history: History<Recipe>;
  private published: Known;
  /** Somebody may have written into the draft's text what no field says, such as a comment. */
  private isTyped: boolean;
  private isRestored: boolean;
  private over: string | null = null;
  private shown: Editing | undefined;

  constructor(loaded: Loaded, params: readonly Parameter[]) {
    const { id, known } = loaded;
    this.loaded = loaded;
    this.labels = new Map(params.map((one) => [one.key, one.label]));
    this.published = loaded.published;
    this.isTyped = known.draftId !== null;
    const device = mirrored(id);
    const atFirst = known.recipe ?? unreadable(known.text);
    this.history = begin(device?.recipe ?? atFirst);
    this.isRestored = device !== null;
    this.sync = new DraftSync(known, atFirst, {
      server: {
        begin: () => beginDraft(id),
        show: showDraft,
        alias: () => loaded.again(),
        edit: editDraft,
        replace: replaceDraft,
      },
      mirror: mirrorOf(id),
      editsBetween: (before, after) => recipeEdits(before, after, params),
      textOf: (goal) => this.textOf(goal),
      onRead: (goal, read) => {
        this.read(goal, read);
      },
    });
    if (device !== null) this.bring(device, known);
    this.sync.subscribe(() => {
      this.say();
    });
  }

  readonly subscribe = (wake: () => void): (() => void) => {
    this.waiting.add(wake);
    return () => {
      this.waiting.delete(wake);
    };
  };

  readonly snapshot = (): Editing => (this.shown ??= this.seen());

  readonly change = (key: string, setting: Setting, gesture?: string): void => {
    const { now } = this.history;
    const settings = withSetting(now.settings, key, setting);
    if (settings === now.settings) return;
    const label = t.step(this.labels.get(key) ?? key, textOf(setting));
    this.step({ next: { ...now, settings, text: null }, label, gesture: gesture ?? null });
  };

  readonly changeBasics = (part: Partial<Basics>, label: string, gesture?: string): void => {
    const { now } = this.history;
    const next = { ...now, basics: { ...now.basics, ...part }, text: null };
    this.step({ next, label, gesture: gesture ?? null });
  };

  /** What a preset sets, and that it did: the file says where its values come from. */
  readonly applyPreset = (preset: string, patch: readonly EditShown[], label: string): void => {
    const { now } = this.history;
    const settings = patched(now.settings, patch);
    if (settings === now.settings && now.basics.preset === preset) return;
    const next = { ...now, settings, basics: { ...now.basics, preset }, text: null };
    this.step({ next, label, gesture: null });
  };

  /** All of them as one step: what mends a finding. */
  readonly changeMany = (patch: readonly EditShown[], label: string): void => {
    const { now } = this.history;
    const settings = patched(now.settings, patch);
    if (settings === now.settings) return;
    this.step({ next: { ...now, settings, text: null }, label, gesture: null });
  };

  readonly fix = ({ patch, label }: FixShown): void => {
    this.changeMany(patch, label);
  };

  /** The whole file, as it is being typed. */
  readonly typeText = (text: string): void => {
    this.write(text, t.sourceStep, "type source");
  };

  /** What no row shows, out of the file. */
  readonly takeOut = async ({ pointer, written }: Other): Promise<void> => {
    await this.sync.flush();
    const { errors, text } = this.sync.snapshot().known;
    const line = errors.find((error) => error.pointer === pointer)?.line ?? 0;
    const less = withoutEntry(text, line);
    if (less !== null) this.write(less, t.tookOut(written), null);
  };

  readonly undo = (): void => {
    this.move(undone, t.undid, this.history.undo.at(-1)?.label);
  };

  readonly redo = (): void => {
    this.move(redone, t.redid, this.history.redo.at(-1)?.label);
  };

  /** Both the newer alias and the other window's draft are settled in favour of what is here. */
  readonly keepMine = (aliasEtag: string): void => {
    if (this.sync.snapshot().theirs === null) this.over = aliasEtag;
    else this.isTyped = true;
    this.sync.keepMine();
    this.say();
  };

  readonly takeTheirs = async (): Promise<void> => {
    const { theirs } = this.sync.snapshot();
    if (theirs === null) await this.discard();
    else this.restart(theirs, t.tookTheirs);
  };

  /** The draft is gone; what is here is what is published. */
  readonly discard = async (): Promise<void> => {
    const { known } = this.sync.snapshot();
    if (known.draftId !== null) await discardDraft({ id: known.draftId, etag: known.etag });
    await this.reload(t.discardedStep);
  };

  /** The alias was published, or is looked at anew: what is here is what is published. */
  readonly reload = async (label: string): Promise<void> => {
    this.sync.stop();
    const fresh = await this.loaded.again();
    this.published = fresh;
    this.restart(fresh, label);
  };

  /** Nothing of it is left to be saved: the alias goes on under another name. */
  readonly leave = (): void => {
    const { known, reached } = this.sync.snapshot();
    this.sync.stop();
    this.sync.restart(known, reached);
  };

  /** The draft as the server lists it; where somebody else has changed it, theirs is met. */
  readonly look = async (listed: Listed): Promise<void> => {
    if (!this.isNews(listed)) return;
    const draft = await showDraft(listed.id).catch(() => null);
    // Meanwhile it may have been this window that saved.
    if (draft !== null && this.isNews(draft)) this.sync.meet(knownOf(draft));
  };

  private isNews({ seq, etag }: Pick<Known, "seq" | "etag">): boolean {
    const { known, status } = this.sync.snapshot();
    const isBusy = status === "saving" || status === "conflict";
    return !isBusy && seq > known.seq && etag !== known.etag;
  }

  private bring(device: Mirrored, known: Known): void {
    if (device.etag === known.etag) this.sync.want(device.recipe);
    else this.sync.meet(known, device.recipe);
  }

  private restart(known: Known, label: string): void {
    const recipe = known.recipe ?? unreadable(known.text);
    const at = performance.now();
    this.history = changed(this.history, { next: recipe, label, gesture: null, at });
    this.isRestored = false;
    this.isTyped = known.draftId !== null;
    this.over = null;
    this.sync.restart(known, recipe);
    this.say();
  }

  private write(text: string, label: string, gesture: string | null): void {
    const { now } = this.history;
    // Undoing it brings back the file as it was, comments and all.
    if (now.text === null)
      this.history = { ...this.history, now: { ...now, text: this.sync.snapshot().known.text } };
    const next = { ...this.history.now, text };
    this.isTyped = true;
    this.step({ next, label, gesture });
  }

  private step(change: Change): void {
    this.history = changed(this.history, { ...change, at: performance.now() });
    this.follow();
  }

  private move(go: typeof undone<Recipe>, say: (label: string) => string, label?: string): void {
    if (label === undefined) return;
    this.history = go(this.history);
    this.follow();
    announce(say(label));
  }

  /** The server has read a text: what it says belongs to the step that typed it. */
  private read(goal: Recipe, read: Recipe): void {
    if (this.history.now !== goal) return;
    const now = { ...read, text: goal.text };
    this.history = { ...this.history, now };
    this.sync.want(now);
  }

  /** What is as published again is so to the last byte: edits may leave an empty section behind. */
  private textOf(goal: Recipe): string | null {
    const { recipe, text } = this.published;
    if (goal.text !== null || this.isTyped || recipe === null) return goal.text;
    return changedIn(recipe, goal).length === 0 ? text : null;
  }

  private follow(): void {
    this.sync.want(this.history.now);
    this.say();
  }

  private seen(): Editing {
    const { history } = this;
    const published = this.published.recipe;
    const sync = this.sync.snapshot();
    const recipe = history.now;
    const before = this.shown;
    const isSame = before?.recipe === recipe && before.published === published;
    return {
      history,
      recipe,
      sync,
      published,
      changed: isSame ? before.changed : new Set(changedIn(published ?? recipe, recipe)),
      isRestored: this.isRestored,
      over: this.over,
      isUnreadable: recipe.text !== null && sync.known.recipe === null,
    };
  }

  private say(): void {
    this.shown = this.seen();
    for (const wake of this.waiting) wake();
  }
}

const NOTHING: Basics = {
  name: "",
  repo: "",
  filename: "",
  snapshot: null,
  chatTemplate: null,
  description: null,
  tags: [],
  preset: null,
};

function unreadable(text: string): Recipe {
  return { settings: new Map(), basics: NOTHING, text };
}

function textOf({ mode, value, bounds }: Setting): string {
  if (mode === "unset") return t.unset;
  if (value !== undefined) return valueText(value);
  return bounds === null ? t.unset : bounds.join(" … ");
}
