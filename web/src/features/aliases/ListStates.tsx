// The list before it is there, when it is empty, and when it cannot be had.
import { Button, Skeleton } from "@mantine/core";

import { asProblem } from "@/api/problem.ts";
import { CopyButton } from "@/components/CopyButton.tsx";
import { EmptyCard, ProblemCard } from "@/components/Problems.tsx";
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
        <Skeleton key={row} height={phone ? 60 : 32} radius={6} />
      ))}
    </div>
  );
}

interface FailedProps {
  readonly error: unknown;
  readonly onRetry: () => void;
}

export function ListFailed({ error, onRetry }: FailedProps) {
  const problem = asProblem(error);
  return (
    <ProblemCard title={t.problem.title} message={problem.message} remedy={problem.remedy}>
      <Button variant="default" onClick={onRetry}>
        {t.retry}
      </Button>
    </ProblemCard>
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
        <span key={command} className={styles.command}>
          <code>{command}</code>
          <CopyButton text={command} what={command} />
        </span>
      ))}
    </EmptyCard>
  );
}
