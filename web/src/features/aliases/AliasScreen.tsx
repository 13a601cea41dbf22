// `/aliases/{id}`: one alias as a page of its own.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useDeferredValue } from "react";

import { aliasQuery } from "@/api/queries.ts";
import type { AliasDetail } from "@/api/types.ts";
import { useVisit } from "@/components/recent.ts";
import { AliasFailed } from "@/components/alias/AliasFailed.tsx";
import { useAliasCommands } from "@/components/alias/useAliasCommands.tsx";
import { CopyButton } from "@/components/CopyButton.tsx";
import { SourceMark, StateBadge } from "@/components/Marks.tsx";
import { Screen } from "@/components/Screen.tsx";
import { t } from "@/messages.en.ts";

import { AliasButtons, DetailTabs, Troubles } from "./AliasDetails.tsx";
import styles from "./AliasScreen.module.css";
import { Facts } from "./Facts.tsx";

const route = getRouteApi("/aliases/$id");

export function AliasScreen() {
  const { id } = route.useParams();
  const query = useQuery(aliasQuery(id));
  // Drawn in small pieces.
  const alias = useDeferredValue(query.data);
  if (alias !== undefined) return <Shown alias={alias} />;
  return (
    <Screen title={id} above={<Above />}>
      {query.isError ? (
        <AliasFailed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Loading />
      )}
    </Screen>
  );
}

/** As the page will be: the facts beside the panels. */
function Loading() {
  return (
    <div role="group" aria-busy aria-label={t.detail.loading} className={styles.columns}>
      <Skeleton height={320} radius={8} />
      <div className={styles.lines}>
        {[0, 1, 2, 3, 4, 5].map((line) => (
          <Skeleton key={line} height={32} radius={6} />
        ))}
      </div>
    </div>
  );
}

function Shown({ alias }: { readonly alias: AliasDetail }) {
  const { commands, dialogs } = useAliasCommands();
  useVisit(alias.id);
  const marks = (
    <span className={styles.marks}>
      <CopyButton text={alias.name} what={t.detail.asked} />
      <SourceMark source={alias.source} />
      <StateBadge state={alias.state} />
    </span>
  );
  const actions = (
    <div className={styles.actions}>
      <AliasButtons row={alias} commands={commands} />
    </div>
  );
  return (
    <Screen title={alias.name} above={<Above />} note={marks} aside={actions}>
      {dialogs}
      <Troubles row={alias} />
      <div className={styles.columns}>
        <section className={styles.facts} aria-label={t.detail.facts}>
          <h2>{t.detail.facts}</h2>
          <Facts row={alias} />
        </section>
        <section aria-label={t.detail.label(alias.name)}>
          <DetailTabs id={alias.id} name={alias.name} />
        </section>
      </div>
    </Screen>
  );
}

function Above() {
  return (
    <>
      <Link to="/aliases">{t.list.title}</Link>
      <span aria-hidden>{t.slash}</span>
    </>
  );
}
