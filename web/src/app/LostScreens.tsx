// An address that leads nowhere, and a defect of ours.
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { EmptyCard, ProblemCard } from "@/components/Problems.tsx";
import { Screen } from "@/components/Screen.tsx";
import { t } from "@/messages.en.ts";

export function NotFoundScreen() {
  return (
    <Screen title={t.notFound.title}>
      <EmptyCard title={t.notFound.text} text={t.notFound.why}>
        <Button component={Link} to="/aliases">
          {t.notFound.home}
        </Button>
      </EmptyCard>
    </Screen>
  );
}

export function CrashScreen() {
  return (
    <Screen title={t.problem.title}>
      <ProblemCard message={t.broken.message} remedy={t.broken.remedy}>
        <Button
          variant="default"
          onClick={() => {
            location.reload();
          }}
        >
          {t.broken.reload}
        </Button>
      </ProblemCard>
    </Screen>
  );
}
