// The editor's shape while it is being read.
import { Skeleton } from "@mantine/core";

import styles from "./EditorScreen.module.css";
import { t } from "./messages.en.ts";

const LINES = [0, 1, 2, 3, 4, 5];

export function Loading() {
  return (
    <div role="group" aria-busy aria-label={t.loading} className={styles.form}>
      {LINES.map((line) => (
        <Skeleton key={line} height={54} radius={6} />
      ))}
    </div>
  );
}
