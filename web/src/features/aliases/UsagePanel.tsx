// How an alias was used: the last days as a picture, its figures, what callers change.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { asProblem } from "@/api/problem.ts";
import type { UsageDetail } from "@/api/types.ts";
import { usageOfQuery } from "@/api/usage.ts";
import { ProblemCard } from "@/components/Problems.tsx";
import { UsageBars } from "@/components/UsageBars.tsx";
import { shareText } from "@/components/UsageLine.tsx";
import { duration, rate } from "@/lib/units.ts";
import { Segments } from "@/components/Segments.tsx";
import { count, t } from "@/messages.en.ts";

import styles from "./UsagePanel.module.css";

const SPANS = [
  { value: "1", label: t.usage.spans.day },
  { value: "7", label: t.usage.spans.week },
  { value: "30", label: t.usage.spans.month },
];

export function UsagePanel({ id }: { readonly id: string }) {
  const [days, setDays] = useState("1");
  const { data, error } = useQuery(usageOfQuery(id, Number(days)));
  const problem = error === null ? null : asProblem(error);
  return (
    <div className={styles.panel}>
      <Segments label={t.usage.span} data={SPANS} value={days} onChange={setDays} />
      {problem === null ? null : <ProblemCard message={problem.message} remedy={problem.remedy} />}
      {data === undefined ? null : <Shown usage={data} every={days === "1" ? "hour" : "day"} />}
    </div>
  );
}

interface ShownProps {
  readonly usage: UsageDetail;
  readonly every: "hour" | "day";
}

function Shown({ usage, every }: ShownProps) {
  const { figures, points, start, end } = usage;
  if (figures.requests === 0) return <p className={styles.none}>{t.usage.noneInSpan}</p>;
  return (
    <>
      <UsageBars label={t.usage.history} points={points} span={{ start, end, every }} />
      <dl className={styles.figures}>
        <Figure name={t.usage.count} value={count(figures.requests)} />
        <Figure
          name={t.usage.successName}
          value={shareText(figures.requests, figures.success) ?? t.usage.notEnough}
        />
        <Figure name={t.figures.firstToken} value={milliseconds(figures.first_token_ms)} />
        <Figure
          name={t.figures.speed}
          value={
            figures.tokens_per_s === null ? null : t.figures.perSecond(rate(figures.tokens_per_s))
          }
        />
        <Figure name={t.usage.whole} value={milliseconds(figures.duration_ms)} />
        <Figure name={t.usage.tokens} value={count(figures.completion_tokens)} />
      </dl>
      {usage.adjustments.length === 0 ? null : (
        <section aria-label={t.usage.adjusted}>
          <h3 className={styles.title}>{t.usage.adjusted}</h3>
          <ul className={styles.adjusted}>
            {usage.adjustments.map(({ field, origin, times }) => (
              <li key={`${origin} ${field}`}>
                <code>{field}</code>
                <span>{t.usage.times(times)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string | null }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value ?? t.unknown}</dd>
    </div>
  );
}

function milliseconds(value: number | null): string | null {
  return value === null ? null : duration(value);
}
