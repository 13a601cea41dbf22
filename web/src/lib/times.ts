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
