// Requests over time, by hour or by day, with those that failed drawn apart.
import type { UsageSeries } from "@/api/types.ts";
import { allSteps } from "@/lib/series.ts";
import { stepMark } from "@/lib/times.ts";
import { t } from "@/messages.en.ts";

import { Bars } from "./Bars.tsx";

interface Props {
  readonly label: string;
  readonly points: UsageSeries["points"];
  /** Seconds since the epoch. */
  readonly span: {
    readonly start: number;
    readonly end: number;
    readonly every: "hour" | "day";
  };
}

export function UsageBars({ label, points, span }: Props) {
  const steps = points.map(({ at, figures }) => ({
    at,
    requests: figures.requests,
    failed: figures.failed + figures.interrupted,
  }));
  return (
    <Bars
      label={label}
      heads={[t.usage.time, t.usage.count, t.usage.failed]}
      timeText={(at) => stepMark(at, span.every)}
      endText={span.every === "hour" ? t.usage.now : undefined}
      bars={allSteps(steps, span).map(({ at, requests, failed }) => ({
        at,
        value: requests,
        marked: failed,
      }))}
    />
  );
}
