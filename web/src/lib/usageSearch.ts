// What the address of the usage screen says, and the span of time that it stands for. Pure.

import type { Every } from "./series.ts";

export const LASTS = ["24h", "7d", "30d"] as const;
export type Last = (typeof LASTS)[number];

const STEPS = ["hour", "day"] as const;
type Step = (typeof STEPS)[number];

/** Defaults are left out: the plain address is the last 24 hours of everything. */
export interface UsageSearch {
  readonly last?: Exclude<Last, "24h">;
  /** Seconds since the epoch; both, or neither. They win over `last`. */
  readonly from?: number;
  readonly to?: number;
  readonly every?: Step;
  /** A URL id. */
  readonly alias?: string;
  readonly model?: string;
}

/** Whole steps: what is drawn and what is counted then cover the same time. */
export interface UsageSpan {
  readonly start: number;
  readonly end: number;
  readonly every: Every;
}

const HOUR = 3_600;
const DAY = 86_400;
const LENGTHS: Readonly<Record<Last, number>> = { "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY };
const LENGTH_OF: Readonly<Record<Step, number>> = { hour: HOUR, day: DAY };
// Up to here hours are what one wants to see; beyond the second the server has too many of them.
const BY_HOUR = 3 * DAY;
const MOST_HOURS = 2_000 * HOUR;

/** From an address that anybody may have typed. */
export function readUsageSearch(raw: Readonly<Record<string, unknown>>): UsageSearch {
  const last = LASTS.find((one) => one === raw.last);
  const every = STEPS.find((one) => one === raw.every);
  const { from, to } = raw;
  const isSpan = isTime(from) && isTime(to) && from < to;
  const alias = text(raw.alias);
  const model = text(raw.model);
  return {
    ...(last === undefined || last === "24h" || isSpan ? {} : { last }),
    ...(isSpan ? { from, to } : {}),
    ...(every === undefined ? {} : { every }),
    ...(alias === "" ? {} : { alias }),
    ...(alias !== "" || model === "" ? {} : { model }),
  };
}

/** `now` in seconds since the epoch. The step that is going on is part of the last 24 hours. */
export function usageSpan(search: UsageSearch, now: number): UsageSpan {
  const { from, to } = search;
  const length = from === undefined || to === undefined ? LENGTHS[search.last ?? "24h"] : to - from;
  const wanted = search.every ?? (length <= BY_HOUR ? "hour" : "day");
  const every = length > MOST_HOURS ? "day" : wanted;
  const step = LENGTH_OF[every];
  const end = Math.ceil((to ?? now) / step) * step;
  const start = from === undefined ? end - length : Math.floor(from / step) * step;
  return { start, end, every };
}

/** The same address without some of what it says. */
export function without<K extends keyof UsageSearch>(
  search: UsageSearch,
  ...keys: readonly K[]
): Omit<UsageSearch, K> {
  const kept = Object.entries(search).filter(([key]) => !keys.some((one) => one === key));
  return Object.fromEntries(kept) as Omit<UsageSearch, K>;
}

function isTime(value: unknown): value is number {
  return (
    typeof value === "number" && Number.isFinite(value) && value >= 0 && value <= 253_402_300_800
  );
}

/** Numbers come as numbers out of an address. */
function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
