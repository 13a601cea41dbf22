// From what the controls hold to the edits that the server makes in the file, and back. Pure.

import type {
  AliasDetail,
  EditShown,
  JsonValue,
  Parameter,
  RecipeShown,
  Rung,
  SetParameter,
} from "@/api/types.ts";

import { sameSetting, type Setting, settingOf, UNSET, withValue } from "./setting.ts";

/** Registry key -> what is said about it. A key that is not there is unset. */
export type Settings = ReadonlyMap<string, Setting>;

/** What an alias sets, as the server lists it. */
export function settingsOf(set: readonly SetParameter[]): Settings {
  return new Map(set.map((one) => [one.key, settingOf(one)]));
}

type Sections = Pick<RecipeShown, "context_params" | "request_params"> &
  Partial<Pick<RecipeShown, "request_policy">>;

type SectionsSaid = Record<keyof Required<Sections>, Record<string, JsonValue>>;

/** What sections of a file say, by parameter. */
export function settingsIn({ context_params, request_params, request_policy }: Sections): Settings {
  const settings = new Map<string, Setting>();
  for (const [key, value] of Object.entries({ ...context_params, ...request_params }))
    settings.set(key, { mode: "default", value, bounds: null });
  for (const [key, policy] of Object.entries(request_policy ?? {}))
    settings.set(key, withPolicy(settings.get(key) ?? UNSET, policy));
  return settings;
}

/** The same as sections of a file, in the order of the registry. */
export function sectionsOf(settings: Settings, params: readonly Parameter[]): SectionsSaid {
  const sections: SectionsSaid = { context_params: {}, request_params: {}, request_policy: {} };
  for (const { key, section } of params) {
    const setting = settings.get(key);
    if (setting === undefined) continue;
    if (setting.value !== undefined) sections[section][key] = setting.value;
    const policy = policyOf(setting);
    if (policy !== null) sections.request_policy[key] = policy;
  }
  return sections;
}

/** The same value under another policy, as a file has it; null and "default" are none. */
export function withPolicy({ value }: Setting, policy: JsonValue): Setting {
  if (policy === null || policy === "default")
    return value === undefined ? UNSET : { mode: "default", value, bounds: null };
  const bounds = boundsOf(policy);
  return { mode: bounds === null ? "enforce" : "clamp", value, bounds };
}

function boundsOf(policy: JsonValue): readonly [number, number] | null {
  if (typeof policy !== "object" || policy === null || !("clamp" in policy)) return null;
  // Of a file that is wrong it may be anything.
  const [low, high] = Array.isArray(policy.clamp) ? (policy.clamp as readonly unknown[]) : [];
  return typeof low === "number" && typeof high === "number" ? [low, high] : null;
}

/** Registry key -> what applies where the alias says nothing. */
export type Below = ReadonlyMap<string, Rung>;

/** What applies to each parameter below the alias: the first rung that is not the alias's own. */
export function belowOf(effective: AliasDetail["effective"]): Below {
  return new Map(
    effective.flatMap(({ key, ladder }) => {
      const rung = ladder.find(({ layer }) => !layer.startsWith("alias") && layer !== "request");
      return rung === undefined ? [] : [[key, rung] as const];
    }),
  );
}

/** `now` with the very objects of `before` wherever both say the same. */
export function keptBelow(before: Below, now: Below): Below {
  const kept = [...now].map(([key, rung]) => {
    const old = before.get(key) ?? rung;
    return [key, JSON.stringify(old) === JSON.stringify(rung) ? old : rung] as const;
  });
  const isSame = before.size === now.size && kept.every(([key, rung]) => before.get(key) === rung);
  return isSame ? before : new Map(kept);
}

export function withSetting(settings: Settings, key: string, setting: Setting): Settings {
  if (sameSetting(settings.get(key) ?? UNSET, setting)) return settings;
  const next = new Map(settings);
  if (setting.mode === "unset") next.delete(key);
  else next.set(key, setting);
  return next;
}

/** The same after edits of parameters: what mends a finding, or what a preset sets. */
export function patched(settings: Settings, edits: readonly EditShown[]): Settings {
  let next = settings;
  for (const { path, value } of edits) {
    const [section = "", key = ""] = path;
    next = withSetting(next, key, withEdit(next.get(key) ?? UNSET, section, value));
  }
  return next;
}

function withEdit(setting: Setting, section: string, value: JsonValue): Setting {
  if (section === "request_policy") return withPolicy(setting, value);
  return value === null ? UNSET : withValue(setting, value);
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
