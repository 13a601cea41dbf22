// Pictures over time: requests by kind of alias, requests by how they went, two measures with gaps.
import { useQuery } from "@tanstack/react-query";

import { asProblem } from "@/api/problem.ts";
import { Columns } from "@/components/charts/Columns.tsx";
import { Figure } from "@/components/charts/Figure.tsx";
import { Line } from "@/components/charts/Line.tsx";
import type { Tone } from "@/components/charts/tones.ts";
import { duration, rate } from "@/lib/units.ts";
import type { UsageSpan } from "@/lib/usageSearch.ts";

import { t } from "./messages.en.ts";
import { countsOf, measuresOf, stepsWith, went } from "./points.ts";
import { csvOf, type Figures, type Point, seriesQuery, type Summary } from "./report.ts";

const SOURCES: readonly (readonly [string, Tone])[] = [
  ["user", "first"],
  ["model", "second"],
  ["draft", "third"],
  ["none", "bad"],
];

interface BySourceProps {
  readonly span: UsageSpan;
  readonly summary: Summary;
}

export function BySource({ span, summary }: BySourceProps) {
  const { data, error } = useQuery(seriesQuery(span, "source"));
  const steps = stepsWith(data?.points ?? [], span);
  const used = SOURCES.filter(([source]) =>
    summary.sources.some((one) => one.source === source && one.figures.requests > 0),
  );
  const parts = used.map(([source, tone]) => ({
    name: t.sources[source] ?? source,
    tone,
    values: countsOf(steps, (figures) => figures.requests, source),
  }));
  const total = countsOf(steps, (figures) => figures.requests);
  const by = (source: string) =>
    summary.sources.find((one) => one.source === source)?.figures.requests ?? 0;
  return (
    <Figure
      title={t.bySource}
      note={t.bySourceNote(by("user"), by("model"))}
      legend={parts}
      csv={csvOf("series", span, { every: span.every, by: "source" })}
      empty={error === null ? null : asProblem(error).message}
      twin={{
        heads: [t.time, ...parts.map(({ name }) => name), t.total],
        rows: steps.map((step, place) => [
          step.name,
          ...parts.map(({ values }) => values[place]),
          total[place],
        ]),
      }}
    >
      <Columns steps={steps} parts={parts} />
    </Figure>
  );
}

interface PointsProps {
  readonly points: readonly Point[];
  readonly span: UsageSpan;
  readonly csv: { readonly href: string; readonly name: string };
}

export function ByOutcome({ points, span, csv }: PointsProps) {
  const steps = stepsWith(points, span);
  const parts = [
    { name: t.wentWell, tone: "first", values: countsOf(steps, (one) => went(one).well) },
    { name: t.wentWrong, tone: "bad", values: countsOf(steps, (one) => went(one).wrong) },
  ] as const;
  return (
    <Figure
      title={t.overTime}
      legend={parts}
      csv={csv}
      twin={{
        heads: [t.time, t.wentWell, t.wentWrong],
        rows: steps.map((step, place) => [
          step.name,
          parts[0].values[place],
          parts[1].values[place],
        ]),
      }}
    >
      <Columns steps={steps} parts={parts} />
    </Figure>
  );
}

const MEASURES: readonly {
  readonly title: string;
  readonly of: (figures: Figures) => number | null;
  readonly textOf: (value: number) => string;
}[] = [
  { title: t.firstTokenOverTime, of: (one) => one.first_token_ms, textOf: duration },
  {
    title: t.speedOverTime,
    of: (one) => one.tokens_per_s,
    textOf: (value) => t.perSecond(rate(value)),
  },
];

export function Measures({ points, span, csv }: PointsProps) {
  const steps = stepsWith(points, span);
  return MEASURES.map(({ title, of, textOf }) => {
    const values = measuresOf(steps, of);
    return (
      <Figure
        key={title}
        title={title}
        note={t.gap}
        csv={csv}
        twin={{
          heads: [t.time, title],
          rows: steps.map((step, place) => {
            const value = values[place] ?? null;
            return [step.name, value === null ? null : textOf(value)];
          }),
        }}
      >
        <Line name={title} steps={steps} values={values} textOf={textOf} />
      </Figure>
    );
  });
}
