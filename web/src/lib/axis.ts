// Where the marks of an axis stand. Pure.

const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The least round number that is not below `most`. */
export function roundUp(most: number): number {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const factor = ROUND.find((one) => one * power >= most * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Zero, the top, and half of it where that is a whole number or the top is small. */
export function marksUpTo(top: number): readonly number[] {
  return Number.isInteger(top / 2) || top < 1 ? [0, top / 2, top] : [0, top];
}

/** At most `most` places out of so many, evenly, the first among them. */
export function spread(count: number, most: number): readonly number[] {
  const step = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: Math.ceil(count / step) }, (_, place) => place * step);
}

/** Runs of values without a gap: where each begins, and what it holds. */
export function runsOf(
  values: readonly (number | null)[],
): readonly { readonly from: number; readonly values: readonly number[] }[] {
  const runs: { from: number; values: number[] }[] = [];
  let open: { from: number; values: number[] } | null = null;
  for (const [at, value] of values.entries()) {
    if (value === null) {
      open = null;
    } else if (open === null) {
      open = { from: at, values: [value] };
      runs.push(open);
    } else {
      open.values.push(value);
    }
  }
  return runs;
}
