// What is the same for every lane: what is said first, and the seed.
import { ActionIcon, TextInput } from "@mantine/core";
import { IconDice3 } from "@tabler/icons-react";

import { GrowingText } from "@/components/GrowingText.tsx";

import styles from "./CompareScreen.module.css";
import { t } from "./messages.en.ts";
import { drawSeed, seedIn } from "./seeds.ts";

interface FieldProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

export function SystemField({ text, onChange }: FieldProps) {
  return (
    <details className={styles.system}>
      <summary>{t.system}</summary>
      <GrowingText
        aria-label={t.system}
        description={t.systemHint}
        least={2}
        most={8}
        value={text}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
    </details>
  );
}

/** Locked: what differs then is the recipe's doing. */
export function SeedField({ text, onChange }: FieldProps) {
  return (
    <div className={styles.seed}>
      <TextInput
        size="xs"
        label={t.seed}
        inputMode="numeric"
        autoComplete="off"
        error={seedIn(text) === null}
        value={text}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
      <ActionIcon
        aria-label={t.newSeed}
        title={t.newSeed}
        onClick={() => {
          onChange(drawSeed());
        }}
      >
        <IconDice3 size={17} stroke={1.7} />
      </ActionIcon>
    </div>
  );
}
