// In the place of an alias that could not be read.
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { asProblem } from "@/api/problem.ts";
import { Failed } from "@/components/Failed.tsx";
import { EmptyCard } from "@/components/Problems.tsx";
import { t } from "@/messages.en.ts";

const NOT_FOUND = 404;

interface Props {
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** Where there is no such alias, another look helps nobody: the list does. */
export function AliasFailed({ error, onRetry }: Props) {
  if (asProblem(error).status !== NOT_FOUND) return <Failed error={error} onRetry={onRetry} />;
  return (
    <EmptyCard title={t.detail.noneTitle} text={t.detail.noneText}>
      <Button variant="default" component={Link} to="/aliases">
        {t.list.showAll}
      </Button>
    </EmptyCard>
  );
}
