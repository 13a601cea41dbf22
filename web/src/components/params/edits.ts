// From what the controls hold to the edits that the server makes in the file, and back. Pure.

import type { EditShown, JsonValue, Parameter, SetParameter } from "@/api/types.ts";

import { sameSetting, type Setting, settingOf, UNSET } from "./setting.ts";

/** Registry key -> what is said about it. A key that is not there is unset. */
export type Settings = ReadonlyMap<string, Setting>;

/** What an alias sets, as the server lists it. */
export function settingsOf(set: readonly SetParameter[]): Settings {
  return new Map(set.map((one) => [one.key, settingOf(one)]));
}

export function withSetting(settings: Settings, key: string, setting: Setting): Settings {
  if (sameSetting(settings.get(key) ?? UNSET, setting)) return settings;
  const next = new Map(settings);
  if (setting.mode === "unset") next.delete(key);
  else next.set(key, setting);
  return next;
}

/** Keys about which the two say different things. */
export function changedKeys(before: Settings, after: Settings): readonly string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => !sameSetting(before.get(key) ?? UNSET, after.get(key) ?? UNSET));
}

/** What to change in the file so that it says `after` where it says `before`. */
export function editsBetween(
  before: Settings,
  after: Settings,
  params: readonly Parameter[],
): readonly EditShown[] {
  const changed = new Set(changedKeys(before, after));
  return params
    .filter((param) => changed.has(param.key))
    .flatMap((param) =>
      editsOf(param, before.get(param.key) ?? UNSET, after.get(param.key) ?? UNSET),
    );
}

function editsOf({ key, section }: Parameter, before: Setting, after: Setting): EditShown[] {
  const edits: EditShown[] = [];
  const value = valueOf(after);
  if (JSON.stringify(valueOf(before)) !== JSON.stringify(value))
    edits.push({ path: [section, key], value });
  const policy = policyOf(after);
  if (JSON.stringify(policyOf(before)) !== JSON.stringify(policy))
    edits.push({ path: ["request_policy", key], value: policy });
  return edits;
}

/** null removes what stands there. */
function valueOf(setting: Setting): JsonValue {
  return setting.value === undefined ? null : setting.value;
}

/** What a file says of a parameter's policy; null where it says nothing. */
export function policyOf({ mode, bounds }: Setting): JsonValue {
  if (mode === "enforce") return "enforce";
  return mode === "clamp" && bounds !== null ? { clamp: [...bounds] } : null;
}
