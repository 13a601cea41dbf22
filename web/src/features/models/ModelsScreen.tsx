// `/models`: what is on this machine by repository and quantization, what it takes, downloads.
import { Skeleton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";

import { modelsQuery } from "@/api/models.ts";
import type { ModelItem } from "@/api/types.ts";
import { Failed } from "@/components/Failed.tsx";
import { EmptyCard, Notice } from "@/components/Problems.tsx";
import { Screen } from "@/components/Screen.tsx";
import { byText } from "@/lib/rows.ts";

import { Downloads } from "./Downloads.tsx";
import { t } from "./messages.en.ts";
import { ModelDetails } from "./ModelDetails.tsx";
import styles from "./ModelsScreen.module.css";
import { QuantGrid } from "./QuantGrid.tsx";

const route = getRouteApi("/models");

export function ModelsScreen() {
  const { data, error, refetch } = useQuery(modelsQuery);
  const { sel } = route.useSearch();
  const [typed, setTyped] = useState("");
  const models = data?.models ?? [];
  const shown = models.filter((model) => fits(model, typed));
  const repos = Map.groupBy(shown, (model) => model.repo);
  const selected = models.find((model) => model.id === sel) ?? null;
  return (
    <Screen
      title={t.title}
      note={data === undefined ? undefined : t.counts(models.length, reposOf(models))}
    >
      {error === null ? null : <Failed error={error} onRetry={() => void refetch()} />}
      {data !== undefined && data.problems.length > 0 ? (
        <Notice text={t.unread(data.problems)} />
      ) : null}
      {data === undefined && error === null ? <Loading /> : null}
      {data === undefined ? null : (
        <div className={styles.columns}>
          <div className={styles.list}>
            {models.length === 0 ? (
              <EmptyCard title={t.emptyTitle} text={t.emptyText} />
            ) : (
              <TextInput
                size="xs"
                type="search"
                aria-label={t.search}
                placeholder={t.search}
                autoComplete="off"
                spellCheck={false}
                leftSection={<IconSearch size={15} aria-hidden />}
                value={typed}
                onChange={(event) => {
                  setTyped(event.currentTarget.value);
                }}
              />
            )}
            {models.length > 0 && shown.length === 0 ? (
              <p className={styles.none}>{t.noMatch}</p>
            ) : null}
            {[...repos.keys()].sort(byText).map((repo) => (
              <QuantGrid key={repo} repo={repo} models={repos.get(repo) ?? []} selected={sel} />
            ))}
          </div>
          <div className={styles.side}>
            {selected === null ? null : <ModelDetails key={selected.id} model={selected} />}
            <Downloads />
          </div>
        </div>
      )}
    </Screen>
  );
}

function Loading() {
  return (
    <div role="group" aria-busy aria-label={t.loading} className={styles.columns}>
      <div className={styles.list}>
        <Skeleton height={30} radius={6} />
        {[0, 1, 2, 3].map((card) => (
          <Skeleton key={card} height={110} radius={8} />
        ))}
      </div>
      <div className={styles.side}>
        <Skeleton height={130} radius={8} />
      </div>
    </div>
  );
}

function fits(model: ModelItem, typed: string): boolean {
  const text = [model.id, model.filename, model.family, model.architecture, model.name]
    .join(" ")
    .toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function reposOf(models: readonly ModelItem[]): number {
  return new Set(models.map((model) => model.repo)).size;
}
