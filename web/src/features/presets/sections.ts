// Between a preset's sections and what the rows of parameters hold. Pure.

import type { Parameter, Preset } from "@/api/types.ts";
import type { Settings } from "@/components/params/edits.ts";
import { type Setting, UNSET } from "@/components/params/setting.ts";

type Sections = Pick<Preset, "context_params" | "request_params" | "request_policy">;

export function settingsOfPreset(preset: Sections): Settings {
  const settings = new Map<string, Setting>();
  for (const values of [preset.context_params, preset.request_params]) {
    for (const [key, value] of Object.entries(values))
      settings.set(key, { ...UNSET, mode: "default", value });
  }
  for (const [key, policy] of Object.entries(preset.request_policy)) {
    const value = settings.get(key)?.value;
    if (policy === "enforce") settings.set(key, { mode: "enforce", value, bounds: null });
    const bounds = boundsOf(policy);
    if (bounds !== null) settings.set(key, { mode: "clamp", value, bounds });
  }
  return settings;
}

export function sectionsOf(settings: Settings, params: readonly Parameter[]): Sections {
  const sections: Sections = { context_params: {}, request_params: {}, request_policy: {} };
  for (const { key, section } of params) {
    const setting = settings.get(key);
    if (setting === undefined) continue;
    if (setting.value !== undefined) sections[section][key] = setting.value;
    if (setting.mode === "enforce") sections.request_policy[key] = "enforce";
    if (setting.mode === "clamp" && setting.bounds !== null)
      sections.request_policy[key] = { clamp: [...setting.bounds] };
  }
  return sections;
}

function boundsOf(policy: unknown): readonly [number, number] | null {
  if (typeof policy !== "object" || policy === null || !("clamp" in policy)) return null;
  const { clamp } = policy;
  if (!Array.isArray(clamp)) return null;
  const [low, high] = clamp as readonly unknown[];
  return typeof low === "number" && typeof high === "number" ? [low, high] : null;
}

/** `My Coding (2).yaml` is `my-coding-2`: what a preset may be called. */
export function presetNameOf(file: string): string {
  return file
    .replace(/\.ya?ml$/i, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 64)
    .replaceAll(/^-+|-+$/g, "");
}
