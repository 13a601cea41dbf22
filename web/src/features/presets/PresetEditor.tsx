// One's own preset: what it is called and why, and its values in the same rows as an alias has.
import { Button, Textarea, TextInput } from "@mantine/core";
import { useBlocker, useNavigate } from "@tanstack/react-router";
import { type SubmitEvent, useMemo, useState } from "react";

import { asProblem, type Problem } from "@/api/problem.ts";
import type { Finding, Parameter, Preset, Rung } from "@/api/types.ts";
import { changedKeys, withSetting } from "@/components/params/edits.ts";
import { ParamGroups } from "@/components/params/ParamGroups.tsx";
import { ProblemCard } from "@/components/Problems.tsx";
import { toast } from "@/components/toast.ts";

import { t } from "./messages.en.ts";
import styles from "./PresetEditor.module.css";
import { sectionsOf, settingsOfPreset } from "./sections.ts";
import { savePreset } from "./store.ts";
import { usePresetActions } from "./usePresetActions.ts";

interface Props {
  readonly preset: Preset;
  readonly params: readonly Parameter[];
}

const NO_FINDINGS: readonly Finding[] = [];

export function PresetEditor({ preset, params }: Props) {
  const navigate = useNavigate();
  const { refresh } = usePresetActions();
  const [before] = useState(() => settingsOfPreset(preset));
  const [settings, setSettings] = useState(before);
  const [title, setTitle] = useState(preset.title);
  const [about, setAbout] = useState(preset.about);
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState<Problem | null>(null);
  const below = useMemo(() => belowOf(params), [params]);
  const changed = new Set(changedKeys(before, settings));
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
          value={title}
          onChange={(event) => {
            setTitle(event.currentTarget.value);
          }}
        />
        <Textarea
          label={t.about}
          description={t.aboutHint}
          autosize
          minRows={1}
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
        onChange={(key, setting) => {
          setSettings((now) => withSetting(now, key, setting));
        }}
        onFix={() => undefined}
        onWrong={(key, message) => {
          setWrong((now) => {
            if (now.has(key) === (message !== null)) return now;
            const next = new Set(now);
            if (message === null) next.delete(key);
            else next.add(key);
            return next;
          });
        }}
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
