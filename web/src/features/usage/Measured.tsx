// What is experimented with, adjusted and used: the three measures beside the requests themselves.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { asProblem } from "@/api/problem.ts";
import { Columns } from "@/components/charts/Columns.tsx";
import { Figure } from "@/components/charts/Figure.tsx";
import { Ranks } from "@/components/charts/Ranks.tsx";
import { stepsOf } from "@/lib/series.ts";
import { stepMark, stepName } from "@/lib/times.ts";
import type { UsageSpan } from "@/lib/usageSearch.ts";

import styles from "./Measured.module.css";
import { t } from "./messages.en.ts";
import { type Adjustment, csvOf, experimentsQuery, templatesUsedQuery } from "./report.ts";

interface Props {
  readonly span: UsageSpan;
}

const MOST = 8;

export function ExperimentsFigure({ span }: Props) {
  const { data, error } = useQuery(experimentsQuery(span));
  const days = data?.days ?? [];
  const steps = stepsOf({ ...span, every: "day" }).map((at) => ({
    at,
    name: stepName(at, "day"),
    mark: stepMark(at, "day"),
  }));
  const of = (kind: string) =>
    steps.map(({ at }) =>
      days.reduce((sum, day) => (day.kind === kind && day.at === at ? sum + day.times : sum), 0),
    );
  const [trials, publishes] = [of("trial"), of("publish")];
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  const parts = [
    { name: t.trials, tone: "first", values: trials },
    { name: t.publishes, tone: "third", values: publishes },
  ] as const;
  const empty =
    error !== null ? asProblem(error).message : days.length === 0 ? t.experimentsNone : null;
  return (
    <Figure
      title={t.experiments}
      note={`${t.experimentsNote(sum(trials), sum(publishes))}, ${t.wholeDays}`}
      legend={parts}
      csv={csvOf("experiments", span)}
      empty={empty}
      twin={{
        heads: [t.day, t.trials, t.publishes],
        rows: steps.map((step, place) => [step.name, trials[place], publishes[place]]),
      }}
    >
      <Columns steps={steps} parts={parts} />
    </Figure>
  );
}

interface AdjustedProps {
  readonly adjustments: readonly Adjustment[];
  readonly error?: string | null;
  readonly csv: { readonly href: string; readonly name: string } | null;
}

export function AdjustedFigure({ adjustments, error = null, csv }: AdjustedProps) {
  const fields = [...Map.groupBy(adjustments, ({ field }) => keyOf(field))].map(([key, some]) => ({
    key,
    callers: timesOf(some, "caller"),
    publishes: timesOf(some, "publish"),
  }));
  fields.sort((a, b) => b.callers + b.publishes - (a.callers + a.publishes));
  const name = (key: string) => (
    <Link to="/aliases" search={{ q: `set:${key}` }} title={t.aliasesThatSet(key)}>
      <code className={styles.key}>{key}</code>
    </Link>
  );
  return (
    <Figure
      title={t.adjusted}
      note={t.adjustedNote}
      legend={[
        { name: t.callers, tone: "first" },
        { name: t.published, tone: "third" },
      ]}
      csv={csv}
      empty={error ?? (fields.length === 0 ? t.adjustedNone : null)}
      twin={{
        heads: [t.field, t.callers, t.published],
        rows: fields.map(({ key, callers, publishes }) => [name(key), callers, publishes]),
      }}
    >
      <Ranks
        ranks={fields.slice(0, MOST).map(({ key, callers, publishes }) => ({
          key,
          label: name(key),
          parts: [
            { tone: "first", value: callers },
            { tone: "third", value: publishes },
          ],
          text: t.count(callers + publishes),
        }))}
      />
      {fields.length > MOST ? (
        <p className={styles.more}>{t.moreIn(fields.length - MOST)}</p>
      ) : null}
    </Figure>
  );
}

export function TemplatesFigure({ span }: Props) {
  const { data, error } = useQuery(templatesUsedQuery(span));
  const rows = data?.templates ?? [];
  const all = rows.reduce((sum, { figures }) => sum + figures.requests, 0);
  const shareOf = (requests: number) => t.percent(requests / Math.max(1, all));
  const empty =
    error !== null
      ? asProblem(error).message
      : data !== undefined && rows.length === 0
        ? t.templatesNone
        : null;
  return (
    <Figure
      title={t.templates}
      csv={csvOf("templates", span)}
      empty={empty}
      twin={{
        heads: [t.template, t.requests, t.share],
        rows: rows.map(({ template, figures }) => [
          <TemplateName key={template} name={template} />,
          t.count(figures.requests),
          shareOf(figures.requests),
        ]),
      }}
    >
      <Ranks
        whole={all}
        ranks={rows.slice(0, MOST).map(({ template, figures }) => ({
          key: template,
          label: <TemplateName name={template} />,
          parts: [{ tone: "first", value: figures.requests }],
          text: t.ofRequests(figures.requests, shareOf(figures.requests)),
        }))}
      />
    </Figure>
  );
}

function TemplateName({ name }: { readonly name: string }) {
  return <>{t.templateNames[name] ?? <code className={styles.key}>{name}</code>}</>;
}

/** A publish names its fields as pointers into the alias: the last part is the parameter. */
function keyOf(field: string): string {
  return field.slice(field.lastIndexOf("/") + 1);
}

function timesOf(some: readonly Adjustment[], origin: string): number {
  return some.reduce((sum, one) => (one.origin === origin ? sum + one.times : sum), 0);
}
