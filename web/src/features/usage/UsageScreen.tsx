// `/usage`: what was asked of whom, over a span of time; pictures with their tables and files.
import { Button, Skeleton } from "@mantine/core";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { asProblem } from "@/api/problem.ts";
import { EmptyCard, Notice, ProblemCard } from "@/components/Problems.tsx";
import { Screen } from "@/components/Screen.tsx";
import { t as words } from "@/messages.en.ts";
import { type UsageSearch, type UsageSpan, usageSpan, without } from "@/lib/usageSearch.ts";

import { Controls } from "./Controls.tsx";
import { AdjustedFigure, ExperimentsFigure, TemplatesFigure } from "./Measured.tsx";
import { t } from "./messages.en.ts";
import { Numbers } from "./Numbers.tsx";
import { ByOutcome, BySource, Measures } from "./OverTime.tsx";
import {
  adjustmentsQuery,
  aliasReportQuery,
  csvOf,
  experimentsQuery,
  modelsUsedQuery,
  seriesQuery,
  type Summary,
  summaryQuery,
} from "./report.ts";
import styles from "./UsageScreen.module.css";
import { useNow } from "./useNow.ts";
import { AliasesFigure, ModelsFigure } from "./Who.tsx";

const route = getRouteApi("/usage");

interface Props {
  readonly search: UsageSearch;
  readonly span: UsageSpan;
}

export function UsageScreen() {
  const search = route.useSearch();
  const span = usageSpan(search, useNow());
  return (
    <Screen title={t.title}>
      <Controls search={search} span={span} />
      {search.alias !== undefined ? (
        <OneAlias id={search.alias} search={search} span={span} />
      ) : search.model !== undefined ? (
        <OneModel model={search.model} search={search} span={span} />
      ) : (
        <Everything search={search} span={span} />
      )}
    </Screen>
  );
}

function Everything({ search, span }: Props) {
  const summary = useQuery(summaryQuery(span));
  const series = useQuery(seriesQuery(span, null));
  const adjusted = useQuery(adjustmentsQuery(span));
  const tried = useQuery(experimentsQuery(span)).data?.days.length ?? 0;
  const csv = csvOf("series", span, { every: span.every });
  return (
    <Loaded query={summary}>
      {(data) => (
        <>
          <Recording summary={data} />
          {data.figures.requests === 0 ? (
            <Empty search={search} />
          ) : (
            <>
              <Numbers figures={data.figures} />
              <BySource span={span} summary={data} />
            </>
          )}
          {data.figures.requests === 0 && tried === 0 ? null : (
            <div className={styles.pairs}>
              <AliasesFigure span={span} search={search} />
              <ModelsFigure span={span} search={search} />
              <AdjustedFigure
                adjustments={adjusted.data?.adjustments ?? []}
                error={adjusted.error === null ? null : asProblem(adjusted.error).message}
                csv={csvOf("adjustments", span)}
              />
              <TemplatesFigure span={span} />
              <ExperimentsFigure span={span} />
              {series.data === undefined ? null : (
                <>
                  <ByOutcome points={series.data.points} span={span} csv={csv} />
                  <Measures points={series.data.points} span={span} csv={csv} />
                </>
              )}
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}

function OneAlias({ id, search, span }: Props & { readonly id: string }) {
  const query = useQuery(aliasReportQuery(id, span));
  const csv = csvOf(`aliases/${id}`, span, { every: span.every });
  return (
    <Loaded query={query} search={search}>
      {(data) => (
        <>
          <Whose name={data.alias === "" ? id : data.alias} search={search}>
            <Button
              variant="default"
              renderRoot={(props) => <Link to="/aliases/$id" params={{ id }} {...props} />}
            >
              {t.openAlias}
            </Button>
          </Whose>
          {data.figures.requests === 0 ? (
            <Empty search={search} />
          ) : (
            <>
              <Numbers figures={data.figures} />
              <ByOutcome points={data.points} span={span} csv={csv} />
            </>
          )}
          <p className={styles.note}>
            {t.experimentsOf(data.experiments.trials, data.experiments.publishes)}
            {words.separator}
            {t.wholeDays}
          </p>
          <div className={styles.pairs}>
            <AdjustedFigure adjustments={data.adjustments} csv={null} />
            {data.figures.requests === 0 ? null : (
              <Measures points={data.points} span={span} csv={csv} />
            )}
          </div>
        </>
      )}
    </Loaded>
  );
}

function OneModel({ model, search, span }: Props & { readonly model: string }) {
  const models = useQuery(modelsUsedQuery(span));
  const points = useQuery(seriesQuery(span, "model")).data?.points ?? [];
  const own = points.filter((point) => point.of === model);
  const csv = csvOf("series", span, { every: span.every, by: "model" });
  return (
    <Loaded query={models}>
      {(data) => {
        const figures = data.models.find((one) => one.model === model)?.figures;
        return (
          <>
            <Whose name={model} search={search}>
              <Button
                variant="default"
                renderRoot={(props) => <Link to="/models" search={{ sel: model }} {...props} />}
              >
                {t.openModel}
              </Button>
            </Whose>
            {figures === undefined ? (
              <Empty search={search} />
            ) : (
              <>
                <Numbers figures={figures} />
                <ByOutcome points={own} span={span} csv={csv} />
                <div className={styles.pairs}>
                  <Measures points={own} span={span} csv={csv} />
                </div>
              </>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

/** Whose usage it is, the way to it, and the way back to everything. */
function Whose(props: {
  readonly name: string;
  readonly search: UsageSearch;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles.whose}>
      <h2>{props.name}</h2>
      {props.children}
      <ShowAll search={props.search} />
    </div>
  );
}

function ShowAll({ search }: { readonly search: UsageSearch }) {
  const rest = without(search, "alias", "model");
  return (
    <Button variant="subtle" renderRoot={(props) => <Link to="/usage" search={rest} {...props} />}>
      {t.showAll}
    </Button>
  );
}

function Empty({ search }: { readonly search: UsageSearch }) {
  const rest = without(search, "from", "to", "every");
  return (
    <EmptyCard title={t.empty} text={t.emptyText}>
      {search.last === "30d" ? null : (
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/usage" search={{ ...rest, last: "30d" }} {...props} />}
        >
          {t.longer}
        </Button>
      )}
    </EmptyCard>
  );
}

function Recording({ summary }: { readonly summary: Summary }) {
  const { trouble, lost } = summary.recording;
  return (
    <>
      {trouble === null ? null : <Notice text={t.trouble(trouble)} />}
      {lost === 0 ? null : <Notice text={t.lost(lost)} />}
    </>
  );
}

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  readonly search?: UsageSearch;
  readonly children: (data: T) => ReactNode;
}

/** The data once it is there; until then its outline, and what went wrong where nothing comes. */
function Loaded<T>({ query, search, children }: LoadedProps<T>) {
  const problem = query.error === null ? null : asProblem(query.error);
  return (
    <>
      {problem === null ? null : (
        <ProblemCard message={problem.message} remedy={problem.remedy}>
          <Button variant="default" onClick={() => void query.refetch()}>
            {words.retry}
          </Button>
          {search === undefined ? null : <ShowAll search={search} />}
        </ProblemCard>
      )}
      {query.data === undefined && problem === null ? <Loading /> : null}
      {query.data === undefined || problem !== null ? null : children(query.data)}
    </>
  );
}

function Loading() {
  return (
    <div role="group" aria-busy aria-label={t.loading} className={styles.loading}>
      <Skeleton height={78} radius={8} />
      <Skeleton height={240} radius={8} />
      <div className={styles.pairs}>
        <Skeleton height={220} radius={8} />
        <Skeleton height={220} radius={8} />
      </div>
    </div>
  );
}
