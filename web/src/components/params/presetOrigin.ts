// The preset that values come from: what it would change, and what somebody has changed since. Pure.
import type { EditShown, Preset } from "@/api/types.ts";
import { t } from "@/messages.en.ts";

import { policyOf, type Settings } from "./edits.ts";
import { UNSET } from "./setting.ts";

/** `said` is what the file says; `preset` is undefined where there is none of that name any more. */
export function originOf(said: string, preset: Preset | undefined, settings: Settings): string {
  if (preset === undefined) return t.preset.customFromGone(said);
  const changed = differing(preset, settings).map(({ path }) => path.at(-1) ?? "");
  return changed.length === 0
    ? t.preset.as(preset.title)
    : t.preset.customFrom(preset.title, [...new Set(changed)].join(", "));
}

/** What a preset would change. */
export function differing(preset: Preset, settings: Settings): readonly EditShown[] {
  // A policy is said of a value, so the values come first.
  const sections = ["context_params", "request_params", "request_policy"] as const;
  return sections.flatMap((section) =>
    Object.entries(preset[section]).flatMap(([key, value]) => {
      const setting = settings.get(key) ?? UNSET;
      const now = section === "request_policy" ? policyOf(setting) : setting.value;
      return JSON.stringify(now) === JSON.stringify(value) ? [] : [{ path: [section, key], value }];
    }),
  );
}
