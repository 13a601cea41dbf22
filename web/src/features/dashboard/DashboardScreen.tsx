// `/`: how many aliases there are, which are used, what to do next, and what wants attention.
import { Button, Skeleton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { asProblem } from "@/api/problem.ts";
import { aliasesQuery } from "@/api/queries.ts";
import { activityQuery, dashboardQuery } from "@/api/usage.ts";
import { CopyButton } from "@/components/CopyButton.tsx";
import { EmptyCard, ProblemCard } from "@/components/Problems.tsx";
import { Pulled } from "@/components/Pulled.tsx";
import { Screen } from "@/components/Screen.tsx";

import { ActivityPanel } from "./ActivityPanel.tsx";
import { AttentionPanel } from "./AttentionPanel.tsx";
import styles from "./DashboardScreen.module.css";
import { t } from "./messages.en.ts";
import { QuickActions } from "./QuickActions.tsx";
import { RecentPanel } from "./RecentPanel.tsx";
import { Stats } from "./Stats.tsx";

/**
 * Every panel stands there from the start; what it shows comes when the server has said it. In one
 * column, what stands below is drawn once its place is known.
 */
export function DashboardScreen() {
  const { data, error } = useQuery(dashboardQuery);
  const aliases = useQuery(aliasesQuery);
  const { isPending } = useQuery(activityQuery);
  const isMoving = isPending || aliases.isPending || (data === undefined && error === null);
  return (
    <Screen
      title={t.title}
      aside={
        <Button component={Link} to="/aliases/new" leftSection={<IconPlus size={15} aria-hidden />}>
          {t.create}
        </Button>
      }
    >
      <Pulled />
      {data?.total === 0 ? (
        <EmptyCard title={t.emptyTitle} text={t.emptyText}>
          <code>{t.pull}</code>
          <CopyButton text={t.pull} what={t.pull} />
        </EmptyCard>
      ) : (
        <>
          {data === undefined ? <NoStats error={error} /> : <Stats dashboard={data} />}
          <div className={styles.columns}>
            <div className={styles.column}>
              <ActivityPanel anyName={aliases.data?.aliases[0]?.name ?? null} />
              <div className={styles.below} data-moving={isPending}>
                <AttentionPanel dashboard={data} aliases={aliases.data?.aliases} />
              </div>
              <div className={styles.below} data-moving={isMoving}>
                <RecentPanel dashboard={data} />
              </div>
            </div>
            <div className={`${styles.column} ${styles.below}`} data-moving={isMoving}>
              <QuickActions dashboard={data} />
            </div>
          </div>
        </>
      )}
    </Screen>
  );
}

/** In the place of the figures: that they are on their way, or why they are not. */
function NoStats({ error }: { readonly error: unknown }) {
  if (error !== null) {
    const problem = asProblem(error);
    return <ProblemCard message={problem.message} remedy={problem.remedy} />;
  }
  return (
    <div role="group" aria-busy aria-label={t.loading} className={styles.loading}>
      {[0, 1, 2, 3].map((card) => (
        <Skeleton key={card} className={styles.figure} radius={8} />
      ))}
    </div>
  );
}
