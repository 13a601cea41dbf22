// One's own preset: what it is called and why, and its values in the same rows as an alias has.
import { Button, TextInput } from "@mantine/core";
import { useBlocker, useNavigate } from "@tanstack/react-router";
import { type SubmitEvent, useCallback, useMemo, useState } from "react";

import { asProblem, type Problem } from "@/api/problem.ts";
import type { Finding, Parameter, Preset, Rung } from "@/api/types.ts";
import { GrowingText } from "@/components/GrowingText.tsx";
import { changedKeys, sectionsOf, settingsIn, withSetting } from "@/components/params/edits.ts";
import { ParamGroups } from "@/components/params/ParamGroups.tsx";
import type { Setting } from "@/components/params/setting.ts";
import { useWrong } from "@/components/params/useWrong.ts";
import { ProblemCard } from "@/components/Problems.tsx";
import { toast } from "@/components/toast.ts";

import { t } from "./messages.en.ts";
import styles from "./PresetEditor.module.css";
import { savePreset } from "./store.ts";
import { usePresetActions } from "./usePresetActions.ts";

interface Props {
  readonly preset: Preset;
  readonly params: readonly Parameter[];
}

const NO_FINDINGS: readonly Finding[] = [];
const noFix = () => undefined;

export function PresetEditor({ preset, params }: Props) {
  const navigate = useNavigate();
  const { refresh } = usePresetActions();
  const [before] = useState(() => settingsIn(preset));
  const [settings, setSettings] = useState(before);
  const [title, setTitle] = useState(preset.title);
  const [about, setAbout] = useState(preset.about);
  const { wrong, onWrong } = useWrong(preset.name);
  const [problem, setProblem] = useState<Problem | null>(null);
  const below = useMemo(() => belowOf(params), [params]);
  const changed = useMemo(() => new Set(changedKeys(before, settings)), [before, settings]);
  const onChange = useCallback((key: string, setting: Setting) => {
    setSettings((now) => withSetting(now, key, setting));
  }, []);
  const isChanged = changed.size > 0 || title !== preset.title || about !== preset.about;
  const [leaves, setLeaves] = useState(false);
  useBlocker({
    shouldBlockFn: () => isChanged && !leaves && !confirm(t.leave),
    enableBeforeUnload: () => isChanged && !leaves,
  });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      const saved = await savePreset(preset.name, {
        title,
        about,
        ...sectionsOf(settings, params),
      });
      setLeaves(true);
      await refresh();
      toast(t.saved(saved.title));
      await navigate({ to: "/presets", ignoreBlocker: true });
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  return (
    <form className={styles.editor} onSubmit={(event) => void submit(event)}>
      {problem === null ? null : <ProblemCard message={problem.message} remedy={problem.remedy} />}
      <div className={styles.texts}>
        <TextInput
          label={t.titleField}
          description={t.titleHint}
          value={title}
          onChange={(event) => {
            setTitle(event.currentTarget.value);
          }}
        />
        <GrowingText
          label={t.about}
          description={t.aboutHint}
          least={1}
          value={about}
          onChange={(event) => {
            setAbout(event.currentTarget.value);
          }}
        />
      </div>
      <ParamGroups
        params={params}
        settings={settings}
        below={below}
        findings={NO_FINDINGS}
        changed={changed}
        onChange={onChange}
        onFix={noFix}
        onWrong={onWrong}
      />
      <div className={styles.bar}>
        <p>{isChanged ? t.unsaved : t.editLead}</p>
        <Button variant="default" onClick={() => void navigate({ to: "/presets" })}>
          {t.cancel}
        </Button>
        <Button type="submit" disabled={!isChanged || wrong.size > 0}>
          {t.save}
        </Button>
      </div>
    </form>
  );
}

/** What applies where neither the preset nor an alias says anything. */
function belowOf(params: readonly Parameter[]): ReadonlyMap<string, Rung> {
  return new Map(
    params.map((param) => [param.key, { layer: param.default_layer, value: param.default }]),
  );
}
