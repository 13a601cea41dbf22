// `/`: how many aliases there are, which are used, what to do next, and what wants attention.
import { Button, Skeleton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";

import { aliasesQuery } from "@/api/queries.ts";
import { activityQuery, dashboardQuery } from "@/api/usage.ts";
import { Command } from "@/components/Command.tsx";
import { Failed } from "@/components/Failed.tsx";
import { EmptyCard } from "@/components/Problems.tsx";
import { Pulled } from "@/components/Pulled.tsx";
import { Screen } from "@/components/Screen.tsx";

import { ActivityPanel } from "./ActivityPanel.tsx";
import { AttentionPanel } from "./AttentionPanel.tsx";
import styles from "./DashboardScreen.module.css";
import { t } from "./messages.en.ts";
import { QuickActions } from "./QuickActions.tsx";
import { RecentPanel } from "./RecentPanel.tsx";
import { Stats } from "./Stats.tsx";

const TransferDialog = lazy(() => import("./TransferDialog.tsx"));

/**
 * Every panel stands there from the start; what it shows comes when the server has said it. In one
 * column, what stands below is drawn once its place is known.
 */
export function DashboardScreen() {
  const { data, error, refetch } = useQuery(dashboardQuery);
  const failed = data === undefined && error !== null;
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
        <Nothing />
      ) : (
        <>
          {data === undefined ? (
            <NoStats error={error} onRetry={() => void refetch()} />
          ) : (
            <Stats dashboard={data} />
          )}
          <div className={styles.columns}>
            <div className={styles.column}>
              <ActivityPanel anyName={aliases.data?.aliases[0]?.name ?? null} />
              <div className={styles.below} data-moving={isPending}>
                <AttentionPanel
                  dashboard={data}
                  aliases={aliases.data?.aliases}
                  failed={failed || aliases.isError}
                />
              </div>
              <div className={styles.below} data-moving={isMoving}>
                <RecentPanel dashboard={data} failed={failed} />
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
function NoStats({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  if (error !== null) return <Failed error={error} onRetry={onRetry} />;
  return (
    <div role="group" aria-busy aria-label={t.loading} className={styles.loading}>
      {[0, 1, 2, 3].map((card) => (
        <Skeleton key={card} className={styles.figure} radius={8} />
      ))}
    </div>
  );
}

/** Without any alias: where one comes from. */
function Nothing() {
  const [isOpen, setOpen] = useState(false);
  return (
    <EmptyCard title={t.emptyTitle} text={t.emptyText}>
      <Command text={t.pull} />
      <Button variant="default" component={Link} to="/models">
        {t.emptyModels}
      </Button>
      <Button
        variant="default"
        onClick={() => {
          setOpen(true);
        }}
      >
        {t.emptyTransfer}
      </Button>
      <Suspense fallback={null}>
        {isOpen ? (
          <TransferDialog
            onClose={() => {
              setOpen(false);
            }}
          />
        ) : null}
      </Suspense>
    </EmptyCard>
  );
}
