// A set of prompts, kept on this device and asked as a whole: a table of what every lane says.
import { ActionIcon, Button, Select, TextInput } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop, IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";

import { GrowingText } from "@/components/GrowingText.tsx";
import { Notice } from "@/components/Problems.tsx";
import { toast } from "@/components/toast.ts";

import styles from "./CompareScreen.module.css";
import { SeedField, SystemField } from "./Fields.tsx";
import { t } from "./messages.en.ts";
import { Results } from "./Results.tsx";
import { drawSeed, seedIn } from "./seeds.ts";
import type { PromptSet } from "./sets.ts";
import { usePromptSets } from "./usePromptSets.ts";
import { useSetRun } from "./useSetRun.ts";

export function SetPane({ said }: { readonly said: readonly string[] }) {
  const { sets, current, isFull, choose, begin, change, remove } = usePromptSets();
  const [system, setSystem] = useState("");
  const [seed, setSeed] = useState(drawSeed);
  const { rows, isRunning, total, ranWith, start, stop } = useSetRun(said);
  const prompts = current.prompts.filter((prompt) => prompt.trim() !== "");
  const number = seedIn(seed);
  const canRun = prompts.length > 0 && number !== null && !isRunning;
  return (
    <div className={styles.one}>
      <div className={styles.sets}>
        <Select
          size="xs"
          label={t.set}
          allowDeselect={false}
          data={sets.map(({ id, name }) => ({ value: id, label: name }))}
          value={current.id}
          onChange={(id) => {
            if (id !== null) choose(id);
          }}
        />
        <TextInput
          size="xs"
          label={t.setName}
          value={current.name}
          onChange={(event) => {
            change({ ...current, name: event.currentTarget.value });
          }}
        />
        <Button variant="default" onClick={begin}>
          {t.newSet}
        </Button>
        <Button
          variant="subtle"
          disabled={sets.length < 2 && prompts.length === 0}
          onClick={() => {
            const undo = remove();
            toast(t.removedSet(current.name), { label: t.undo, run: undo });
          }}
        >
          {t.removeSet}
        </Button>
      </div>
      {isFull ? <Notice text={t.full} /> : null}
      <Prompts set={current} onChange={change} />
      <SystemField text={system} onChange={setSystem} />
      <div className={styles.controls}>
        <SeedField text={seed} onChange={setSeed} />
        {isRunning ? (
          <Button variant="default" leftSection={<IconPlayerStop size={15} />} onClick={stop}>
            {t.stop}
          </Button>
        ) : (
          <Button
            leftSection={<IconPlayerPlay size={15} />}
            disabled={!canRun}
            onClick={() => {
              if (number !== null) void start(prompts, system, number);
            }}
          >
            {t.run}
          </Button>
        )}
        {total === 0 ? null : (
          <span className={styles.lead} role="status">
            {t.progress(rows.length - Number(isRunning && rows.length > 0), total)}
          </span>
        )}
      </div>
      {rows.length === 0 ? null : <Results said={said} rows={rows} seed={ranWith} />}
    </div>
  );
}

interface PromptsProps {
  readonly set: PromptSet;
  readonly onChange: (set: PromptSet) => void;
}

function Prompts({ set, onChange }: PromptsProps) {
  const { prompts } = set;
  return (
    <div className={styles.prompts}>
      {prompts.map((prompt, at) => (
        <div key={at}>
          <GrowingText
            aria-label={t.promptOf(at + 1)}
            placeholder={t.promptOf(at + 1)}
            least={1}
            most={6}
            value={prompt}
            onChange={(event) => {
              onChange({ ...set, prompts: prompts.with(at, event.currentTarget.value) });
            }}
          />
          <ActionIcon
            aria-label={t.removePrompt(at + 1)}
            title={t.removePrompt(at + 1)}
            disabled={prompts.length === 1}
            onClick={() => {
              onChange({ ...set, prompts: prompts.filter((_, place) => place !== at) });
            }}
          >
            <IconX size={15} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={15} />}
        onClick={() => {
          onChange({ ...set, prompts: [...prompts, ""] });
        }}
      >
        {t.addPrompt}
      </Button>
    </div>
  );
}
