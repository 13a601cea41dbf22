// From the steps that had requests to what a picture of all steps needs. Pure.

import type { StepText } from "@/components/charts/Plot.tsx";
import { stepsOf } from "@/lib/series.ts";
import { stepMark, stepName } from "@/lib/times.ts";
import type { UsageSpan } from "@/lib/usageSearch.ts";

import type { Figures, Point } from "./report.ts";

export interface OneStep extends StepText {
  readonly at: number;
  /** What was recorded in it; absent: no request ended in it. */
  readonly points: readonly Point[];
}

export function stepsWith(points: readonly Point[], span: UsageSpan): readonly OneStep[] {
  const known = Map.groupBy(points, (point) => point.at);
  return stepsOf(span).map((at) => ({
    at,
    name: stepName(at, span.every),
    mark: stepMark(at, span.every),
    points: known.get(at) ?? [],
  }));
}

/** A count of each step, of all its points or of those `of` something. */
export function countsOf(
  steps: readonly OneStep[],
  count: (figures: Figures) => number,
  of?: string,
): readonly number[] {
  return steps.map(({ points }) =>
    points
      .filter((point) => of === undefined || point.of === of)
      .reduce((sum, point) => sum + count(point.figures), 0),
  );
}

/** A measure of each step; null where nothing was measured. */
export function measuresOf(
  steps: readonly OneStep[],
  measure: (figures: Figures) => number | null,
): readonly (number | null)[] {
  return steps.map(({ points }) => {
    const [point] = points;
    return point === undefined ? null : measure(point.figures);
  });
}

export function went(figures: Figures): { readonly well: number; readonly wrong: number } {
  const wrong = figures.failed + figures.interrupted;
  return { well: figures.requests - wrong, wrong };
}
