// In a panel before its lines are there: that they are on their way, or cannot be had.
import { Skeleton } from "@mantine/core";

import { t } from "./messages.en.ts";
import styles from "./Panels.module.css";

export function NotYet({ failed }: { readonly failed: boolean }) {
  if (failed) return <p className={styles.meta}>{t.unread}</p>;
  return (
    <div className={styles.waiting} aria-hidden>
      {[0, 1, 2].map((line) => (
        <Skeleton key={line} height={18} radius={4} />
      ))}
    </div>
  );
}
