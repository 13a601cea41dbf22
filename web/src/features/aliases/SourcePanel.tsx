// The alias's file, as it lies on the disk.
import type { Source } from "@/api/types.ts";
import { CopyButton } from "@/components/CopyButton.tsx";
import { t } from "@/messages.en.ts";

import styles from "./SourcePanel.module.css";

interface Props {
  readonly name: string;
  readonly source: Source;
  readonly text: string | null;
}

export function SourcePanel({ name, source, text }: Props) {
  if (text === null) {
    return (
      <p className={styles.none}>{source === "model" ? t.detail.noSource : t.detail.unreadable}</p>
    );
  }
  return (
    <div className={styles.source}>
      {/* What scrolls sideways must be within reach of the keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} role="region" aria-label={t.detail.sourceLabel(name)}>
        {text}
      </pre>
      <CopyButton text={text} what={t.detail.tabs.source} />
    </div>
  );
}
