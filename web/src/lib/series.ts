// From the steps that had requests to all steps of a span of time. Pure.

export interface Step {
  readonly at: number;
  readonly requests: number;
  readonly failed: number;
}

const LENGTHS = { minute: 60, hour: 3_600, day: 86_400 } as const;
export type Every = keyof typeof LENGTHS;

/** When each minute, hour or day of the span begins, oldest first; seconds. */
export function stepsOf(span: {
  readonly start: number;
  readonly end: number;
  readonly every: Every;
}): readonly number[] {
  const length = LENGTHS[span.every];
  const first = Math.floor(span.start / length);
  const last = Math.ceil(span.end / length) - 1;
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, place) => (first + place) * length,
  );
}

/** One step for each minute, hour or day that begins in the span, oldest first; seconds. */
export function allSteps(
  points: readonly Step[],
  span: { readonly start: number; readonly end: number; readonly every: Every },
): readonly Step[] {
  const length = LENGTHS[span.every];
  const known = new Map(points.map((point) => [Math.floor(point.at / length) * length, point]));
  return stepsOf(span).map((at) => known.get(at) ?? { at, requests: 0, failed: 0 });
}
