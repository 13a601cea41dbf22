// Steps of time as people read them. Days are UTC, as they are counted; hours are this device's. Pure.

import type { Every } from "./series.ts";

const CLOCK = new Intl.DateTimeFormat("en", {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const DAY = new Intl.DateTimeFormat("en", { month: "short", day: "numeric", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat("en", {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** "14:00" or "Nov 25", for an axis. */
export function stepMark(at: number, every: Every): string {
  return (every === "day" ? DAY : CLOCK).format(at * 1000);
}

/** "Nov 25, 14:00" or "Nov 25", where it stands alone. */
export function stepName(at: number, every: Every): string {
  return (every === "day" ? DAY : MOMENT).format(at * 1000);
}

/** What a field of the kind datetime-local holds, in this device's time. */
export function fieldOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The other way; null where it holds no time. */
export function secondsOf(field: string): number | null {
  const time = field === "" ? Number.NaN : new Date(field).getTime();
  return Number.isNaN(time) ? null : time / 1000;
}
