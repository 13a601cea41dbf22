// Numbers as people read them: sizes, durations, rates, times since.

const SIZES = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** Bytes in powers of 1024, as the command line and a check of memory say them: 1321082528 is "1.2 GiB". */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  // What would be written as 1024.0 is one of the next unit.
  while (value >= (unit === 0 ? 1024 : 1023.95) && unit < SIZES.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(unit === 0 ? 0 : 1)} ${SIZES[unit] ?? ""}`;
}

/** Milliseconds, from "8 ms" over "1.3 s" to "2 min 5 s". */
export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${milliseconds.toFixed(0)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** At most three digits that mean something, and never an exponent: 1234.5 is "1,235". */
export function rate(perSecond: number): string {
  const digits = perSecond === 0 ? 0 : perSecond < 10 ? 2 : perSecond < 100 ? 1 : 0;
  return perSecond.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

// As Intl.RelativeTimeFormat words them, of which making one would take a phone a tenth of a second.
const STEPS: readonly (readonly [one: string, many: string, seconds: number])[] = [
  ["yr.", "yr.", 31_557_600],
  ["mo.", "mo.", 2_629_800],
  ["wk.", "wk.", 604_800],
  ["day", "days", 86_400],
  ["hr.", "hr.", 3600],
  ["min.", "min.", 60],
];

/** How long ago, in the largest unit that fits; both in seconds since the epoch. */
export function ago(then: number, now: number, justNow: string): string {
  const seconds = now - then;
  for (const [one, many, length] of STEPS) {
    const whole = Math.floor(seconds / length);
    if (whole > 0) return `${whole} ${whole === 1 ? one : many} ago`;
  }
  return justNow;
}
