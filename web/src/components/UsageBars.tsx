// Requests over time, by hour or by day, with those that failed drawn apart.
import type { UsageSeries } from "@/api/types.ts";
import { allSteps } from "@/lib/series.ts";
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
      timeText={span.every === "hour" ? hourText : dayText}
      bars={allSteps(steps, span).map(({ at, requests, failed }) => ({
        at,
        value: requests,
        marked: failed,
      }))}
    />
  );
}

function hourText(at: number): string {
  return new Date(at * 1000).toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit" });
}

/** Days are counted in UTC, wherever this device is. */
function dayText(at: number): string {
  return new Date(at * 1000).toLocaleDateString("en", {
    month: "short",
    day: "numeric",
    timeZone: "UTC",
  });
}
