// What is tried instead of what an alias says: a layer of changes over it, with undo, on this device.
// Nothing of it is in the alias or its draft until somebody saves it.

import type { EditShown, FixShown, Parameter } from "@/api/types.ts";
import { announce } from "@/components/announcer.ts";
import {
  changedKeys,
  editsBetween,
  patched,
  type Settings,
  withSetting,
} from "@/components/params/edits.ts";
import { type Setting, UNSET } from "@/components/params/setting.ts";
import { begin, changed, type History, redone, undone } from "@/lib/history.ts";
import { valueText } from "@/lib/values.ts";

import { t } from "./messages.en.ts";

export interface Configuration {
  readonly history: History<Settings>;
  readonly settings: Settings;
  /** Keys that differ from the alias. */
  readonly changed: ReadonlySet<string>;
  /** Of these, the ones that need a load that nobody has asked for yet. */
  readonly pending: readonly string[];
  /** What a message is sent with. */
  readonly edits: readonly EditShown[];
  /** What saving would write. */
  readonly all: readonly EditShown[];
}

export class ConfigStore {
  private readonly aliasId: string;
  private readonly params: readonly Parameter[];
  private readonly byKey: ReadonlyMap<string, Parameter>;
  private base: Settings;
  private applied: Settings;
  private history: History<Settings>;
  private shown: Configuration;
  private readonly waiting = new Set<() => void>();

  constructor(aliasId: string, base: Settings, params: readonly Parameter[]) {
    this.aliasId = aliasId;
    this.params = params;
    this.byKey = new Map(params.map((param) => [param.key, param]));
    this.base = base;
    this.applied = base;
    this.history = begin(withChanges(base, keptChanges(aliasId)));
    this.shown = this.seen();
  }

  readonly subscribe = (wake: () => void): (() => void) => {
    this.waiting.add(wake);
    return () => {
      this.waiting.delete(wake);
    };
  };

  readonly snapshot = (): Configuration => this.shown;

  /** The alias says something else now: the changes stay changes, over what it says. */
  readonly rebase = (base: Settings): void => {
    if (changedKeys(this.base, base).length === 0) return;
    const mine = changesBetween(this.base, this.history.now);
    const applied = changesBetween(this.base, this.applied);
    this.base = base;
    this.applied = withChanges(base, applied);
    this.history = { ...this.history, now: withChanges(base, mine) };
    this.say();
  };

  readonly change = (key: string, setting: Setting, gesture?: string): void => {
    const next = withSetting(this.history.now, key, setting);
    const label = t.step(this.byKey.get(key)?.label ?? key, textOf(setting));
    this.step(next, label, gesture);
  };

  readonly changeMany = (patch: readonly EditShown[], label: string): void => {
    this.step(patched(this.history.now, patch), label);
  };

  readonly fix = ({ patch, label }: FixShown): void => {
    this.changeMany(patch, label);
  };

  readonly resetToSaved = (): void => {
    this.step(this.base, t.resetToSaved);
  };

  readonly resetToDefault = (): void => {
    this.step(new Map(), t.resetToDefault);
  };

  /** What needs a load is loaded with the next message. */
  readonly apply = (): void => {
    this.applied = this.history.now;
    this.say();
  };

  readonly undo = (): void => {
    this.move(undone, t.undid, this.history.undo.at(-1)?.label);
  };

  readonly redo = (): void => {
    this.move(redone, t.redid, this.history.redo.at(-1)?.label);
  };

  private move(
    go: typeof undone<Settings>,
    words: (label: string) => string,
    label?: string,
  ): void {
    if (label === undefined) return;
    this.history = go(this.history);
    this.say();
    announce(words(label));
  }

  private step(next: Settings, label: string, gesture?: string): void {
    const at = performance.now();
    this.history = changed(this.history, { next, label, gesture: gesture ?? null, at });
    this.say();
  }

  private seen(): Configuration {
    const { base, params, history } = this;
    const needsLoad = (key: string) => this.byKey.get(key)?.applies === "reload";
    const pending = changedKeys(this.applied, history.now).filter(needsLoad);
    let sent = history.now;
    for (const key of pending) sent = withSetting(sent, key, this.applied.get(key) ?? UNSET);
    return {
      history,
      settings: history.now,
      changed: new Set(changedKeys(base, history.now)),
      pending,
      edits: editsBetween(base, sent, params),
      all: editsBetween(base, history.now, params),
    };
  }

  private say(): void {
    this.shown = this.seen();
    keepChanges(this.aliasId, changesBetween(this.base, this.history.now));
    for (const wake of this.waiting) wake();
  }
}

type Changes = readonly (readonly [string, Setting])[];

function changesBetween(base: Settings, now: Settings): Changes {
  return changedKeys(base, now).map((key) => [key, now.get(key) ?? UNSET]);
}

function withChanges(base: Settings, changes: Changes): Settings {
  return changes.reduce((settings, [key, one]) => withSetting(settings, key, one), base);
}

const keyOf = (aliasId: string): string => `bodhi-trying-${aliasId}`;

function keepChanges(aliasId: string, changes: Changes): void {
  if (changes.length === 0) localStorage.removeItem(keyOf(aliasId));
  else localStorage.setItem(keyOf(aliasId), JSON.stringify(changes));
}

function keptChanges(aliasId: string): Changes {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(aliasId)) ?? "[]") as Changes;
    // JSON has no undefined: a clamp without a value of its own comes back without the field.
    return kept.map(([key, setting]) => [key, { ...setting, value: setting.value }]);
  } catch {
    // Another version of the page wrote it otherwise.
    localStorage.removeItem(keyOf(aliasId));
    return [];
  }
}

function textOf({ mode, value, bounds }: Setting): string {
  if (mode === "unset") return t.unset;
  if (value !== undefined) return valueText(value);
  return bounds === null ? t.unset : bounds.join(" … ");
}
