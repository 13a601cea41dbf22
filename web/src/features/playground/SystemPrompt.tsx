// What the model is told before everything else, in this thread.
import { memo } from "react";

import { GrowingText } from "@/components/GrowingText.tsx";

import styles from "./Chat.module.css";
import { t } from "./messages.en.ts";

interface Props {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

export const SystemPrompt = memo(function SystemPrompt({ text, onChange }: Props) {
  return (
    <details className={styles.system}>
      <summary>{text === "" ? t.system : t.systemSet}</summary>
      <GrowingText
        aria-label={t.system}
        description={t.systemHint}
        least={2}
        most={10}
        value={text}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
    </details>
  );
});
