// In the place of what could not be had: why, what helps, and once more.
import { Button } from "@mantine/core";

import { asProblem } from "@/api/problem.ts";
import { t } from "@/messages.en.ts";

import { ProblemCard } from "./Problems.tsx";

interface Props {
  readonly error: unknown;
  readonly onRetry: () => void;
}

export function Failed({ error, onRetry }: Props) {
  const problem = asProblem(error);
  return (
    <ProblemCard title={t.problem.title} message={problem.message} remedy={problem.remedy}>
      <Button variant="default" onClick={onRetry}>
        {t.retry}
      </Button>
    </ProblemCard>
  );
}
