// The alias's file, as it lies on the disk.
import type { Source } from "@/api/types.ts";
import { CodeText } from "@/components/CodeText.tsx";
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
      <CodeText label={t.detail.sourceLabel(name)} text={text} />
      <CopyButton text={text} what={t.detail.tabs.source} />
    </div>
  );
}
