// Steps of time as people read them. Days are UTC, as they are counted; hours are this device's. Pure.

import { clockOf } from "./localTime.ts";
import type { Every } from "./series.ts";

// Made when they are needed: where only hours are shown, a phone saves a tenth of a second.
let day: Intl.DateTimeFormat | undefined;
let moment: Intl.DateTimeFormat | undefined;

/** "14:00" or "Nov 25", for an axis. */
export function stepMark(at: number, every: Every): string {
  return every === "day" ? dayText(at) : clockOf(at);
}

/** "Nov 25, 14:00" or "Nov 25", where it stands alone. */
export function stepName(at: number, every: Every): string {
  if (every === "day") return dayText(at);
  moment ??= new Intl.DateTimeFormat("en", {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return moment.format(at * 1000);
}

function dayText(at: number): string {
  day ??= new Intl.DateTimeFormat("en", { month: "short", day: "numeric", timeZone: "UTC" });
  return day.format(at * 1000);
}
