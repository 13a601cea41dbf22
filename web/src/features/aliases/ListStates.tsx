// The list before it is there, and when it is empty.
import { Button, Skeleton } from "@mantine/core";

import { Command } from "@/components/Command.tsx";
import { EmptyCard } from "@/components/Problems.tsx";
import { t } from "@/messages.en.ts";

import styles from "./ListStates.module.css";

const ROWS = 8;
const COMMANDS = [
  "bodhi pull OWNER/REPO:QUANT",
  "bodhi aliases create NAME --from OWNER/REPO:QUANT",
];

export function ListLoading({ phone }: { readonly phone: boolean }) {
  return (
    <div role="group" aria-busy aria-label={t.list.loading} className={styles.loading}>
      {Array.from({ length: ROWS }, (_, row) => (
        <Skeleton key={row} height={phone ? 64 : 36} radius={6} />
      ))}
    </div>
  );
}

interface EmptyProps {
  /** There are no aliases at all; else there are, and none fits the search. */
  readonly none: boolean;
  readonly onShowAll: () => void;
}

export function ListEmpty({ none, onShowAll }: EmptyProps) {
  if (!none) {
    return (
      <EmptyCard title={t.list.noMatchTitle} text={t.list.noMatchText}>
        <Button variant="default" onClick={onShowAll}>
          {t.list.showAll}
        </Button>
      </EmptyCard>
    );
  }
  return (
    <EmptyCard title={t.list.emptyTitle} text={t.list.emptyText}>
      {COMMANDS.map((command) => (
        <Command key={command} text={command} />
      ))}
    </EmptyCard>
  );
}
