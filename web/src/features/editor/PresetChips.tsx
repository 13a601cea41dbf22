// Values for an intent, copied into the draft as one step, which its file says; what was changed
// since is custom.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { memo, useState } from "react";

import { presetsQuery } from "@/api/queries.ts";
import type { Preset } from "@/api/types.ts";
import { announce } from "@/components/announcer.ts";
import {
  editsBetween,
  patched,
  type Settings,
  settingsIn,
  withSetting,
} from "@/components/params/edits.ts";
import { differing, originOf } from "@/components/params/presetOrigin.ts";
import { sameSetting, UNSET } from "@/components/params/setting.ts";

import { t } from "./messages.en.ts";
import styles from "./PresetChips.module.css";
import type { Editor } from "./useEditor.ts";

/** They say what they would change after the form has said what was changed. */
export const PresetChips = memo(function PresetChips({ editor }: { readonly editor: Editor }) {
  const { data = [] } = useQuery(presetsQuery);
  const [applied, setApplied] = useState<Applied | null>(null);
  const { settings } = editor.recipe;
  const { preset: said } = editor.recipe.basics;
  const last = data.find(({ name }) => name === said);
  const before = applied?.name === said ? applied.before : NOTHING;
  if (data.length === 0) return null;
  return (
    <div className={styles.presets} role="group" aria-label={t.presets}>
      <span className={styles.label}>{t.presets}</span>
      {data.map((preset) => {
        const bare = last === preset ? settings : without(settings, last, before);
        const after = patched(bare, differing(preset, bare));
        const changes = editsBetween(settings, after, editor.params);
        return (
          <Button
            key={preset.name}
            size="compact-xs"
            variant="default"
            className={styles.chip ?? ""}
            title={`${preset.about} ${t.presetChanges(changes.length)}`}
            aria-pressed={differing(preset, settings).length === 0}
            disabled={editor.isUnreadable}
            onClick={() => {
              editor.store.applyPreset(preset.name, changes, t.presetStep(preset.title));
              setApplied({ name: preset.name, before: bare });
              announce(t.presetDone(preset.title, changes.length));
            }}
          >
            {preset.title}
          </Button>
        );
      })}
      {said === null ? null : (
        <span className={styles.label}>{originOf(said, last, settings)}</span>
      )}
    </div>
  );
});

const NOTHING: Settings = new Map();

/** In this window: what is taken back with it is what was there before. */
interface Applied {
  readonly name: string;
  /** The values that it was laid over. */
  readonly before: Settings;
}

/** Before another preset: what this one said, and nobody has changed since, is as it was. */
function without(settings: Settings, last: Preset | undefined, before: Settings) {
  if (last === undefined) return settings;
  const said = settingsIn(last);
  let next = settings;
  for (const [key, setting] of said) {
    if (sameSetting(settings.get(key) ?? UNSET, setting))
      next = withSetting(next, key, before.get(key) ?? UNSET);
  }
  return next;
}
