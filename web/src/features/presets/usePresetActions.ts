// What can be done to a preset; each says what it did, and how to take it back.
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";

import type { Preset } from "@/api/types.ts";
import { attempt } from "@/components/alias/useAliasActions.ts";
import { toast, toastFailure } from "@/components/toast.ts";
import { saveFile } from "@/lib/saveFile.ts";

import { t } from "./messages.en.ts";
import { deletePreset, importPreset } from "./store.ts";

export function usePresetActions() {
  const queries = useQueryClient();
  return useMemo(() => {
    const refresh = () => queries.invalidateQueries({ queryKey: ["presets"] });
    const take = async (preset: Preset, name: string) => {
      await importPreset({ name, source_text: preset.source_text, replace: false });
    };
    return {
      refresh,
      exportIt: (preset: Preset) => {
        saveFile(`${preset.name}.yaml`, preset.source_text, "application/yaml");
      },
      remove: (preset: Preset) =>
        attempt(async () => {
          await deletePreset(preset.name);
          await refresh();
          toast(t.deleted(preset.title), {
            label: t.undo,
            run: () =>
              void attempt(async () => {
                await take(preset, preset.name);
                await refresh();
                toast(t.restored(preset.title));
              }),
          });
        }),
      /** Raises Problem, and has changed nothing then. */
      copy: async (preset: Preset, name: string) => {
        await take(preset, name);
        await refresh();
        toast(t.saved(name));
      },
      /** Raises Problem, and has changed nothing then. */
      rename: async (preset: Preset, name: string) => {
        await take(preset, name);
        try {
          await deletePreset(preset.name);
          toast(t.renamed(name));
        } catch {
          toastFailure(t.bothStay(name));
        }
        await refresh();
      },
    };
  }, [queries]);
}
