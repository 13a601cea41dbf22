// What an alias says about one parameter, as a control edits it. Pure.

import type { JsonValue, SetParameter } from "@/api/types.ts";

export type Mode = "unset" | "default" | "enforce" | "clamp";

export interface Setting {
  readonly mode: Mode;
  /** undefined where there is none: unset, and a clamp without a value of its own. */
  readonly value: JsonValue;
  /** Lowest and highest value of a clamp. */
  readonly bounds: readonly [number, number] | null;
}

export const UNSET: Setting = { mode: "unset", value: undefined, bounds: null };

/** From what the server says that an alias sets. */
export function settingOf(set: SetParameter | undefined): Setting {
  if (set === undefined) return UNSET;
  const [low, high] = set.bounds ?? [];
  const bounds = low === undefined || high === undefined ? null : ([low, high] as const);
  const value = set.value === null && bounds !== null ? undefined : set.value;
  return { mode: set.mode, value, bounds };
}

export function sameSetting(a: Setting, b: Setting): boolean {
  return (
    a.mode === b.mode &&
    JSON.stringify(a.value) === JSON.stringify(b.value) &&
    JSON.stringify(a.bounds) === JSON.stringify(b.bounds)
  );
}

/** The same with a value: what was unset becomes a default, what has a mode keeps it. */
export function withValue(setting: Setting, value: JsonValue): Setting {
  return { ...setting, mode: setting.mode === "unset" ? "default" : setting.mode, value };
}

interface Start {
  /** What applies without the alias; null where the engine decides. */
  readonly inherited: JsonValue;
  readonly low: number | null;
  readonly high: number | null;
}

/** Another mode: the value stays; where there is none, the inherited one is where it begins. */
export function withMode(setting: Setting, mode: Mode, start: Start): Setting {
  if (mode === "unset") return UNSET;
  if (mode === "clamp") {
    const bounds = setting.bounds ?? [start.low ?? 0, start.high ?? 0];
    return { mode, value: setting.value, bounds };
  }
  const value = setting.value ?? start.inherited ?? start.low ?? undefined;
  return { mode, value, bounds: null };
}
