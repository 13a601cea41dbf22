import { describe, expect, test } from "vitest";

import { readUsageSearch, usageSpan } from "./usageSearch.ts";

const HOUR = 3_600;
const DAY = 86_400;
const NOW = 20_000 * DAY + 17 * HOUR + 123;

describe("the address", () => {
  test("says nothing of what is usual", () => {
    expect(readUsageSearch({})).toEqual({});
    expect(readUsageSearch({ last: "24h", alias: "", from: 5 })).toEqual({});
  });

  test("takes a span only where both of its ends are times, the first before the second", () => {
    expect(readUsageSearch({ from: 10, to: 20, last: "7d" })).toEqual({ from: 10, to: 20 });
    expect(readUsageSearch({ from: 20, to: 10 })).toEqual({});
    expect(readUsageSearch({ from: "10", to: 20 })).toEqual({});
    expect(readUsageSearch({ from: -1, to: 1e15 })).toEqual({});
  });

  test("is of one alias or of one model", () => {
    expect(readUsageSearch({ alias: "coder", model: "us/x:Q8_0" })).toEqual({ alias: "coder" });
    expect(readUsageSearch({ model: "us/x:Q8_0", every: "week" })).toEqual({ model: "us/x:Q8_0" });
  });
});

describe("the span", () => {
  test("of 24 hours are 24 steps, the last of which is going on", () => {
    const span = usageSpan({}, NOW);
    expect(span).toEqual({ start: span.end - DAY, end: 20_000 * DAY + 18 * HOUR, every: "hour" });
  });

  test("of days ends with today, in UTC as the server counts", () => {
    expect(usageSpan({ last: "7d" }, NOW)).toEqual({
      start: 19_994 * DAY,
      end: 20_001 * DAY,
      every: "day",
    });
  });

  test("of one's own grows to whole steps", () => {
    const from = NOW - 5 * HOUR;
    const span = usageSpan({ from, to: NOW }, NOW + DAY);
    expect([span.start % HOUR, span.end % HOUR, span.every]).toEqual([0, 0, "hour"]);
    expect(span.start <= from && NOW <= span.end).toBe(true);
  });

  test("is by day where the server would not tell so many hours", () => {
    expect(usageSpan({ from: 0, to: 90 * DAY, every: "hour" }, NOW).every).toBe("day");
    expect(usageSpan({ last: "7d", every: "hour" }, NOW).every).toBe("hour");
  });
});
