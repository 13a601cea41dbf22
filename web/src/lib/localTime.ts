// This device's time as text: "2026-11-26T07:29". Pure.

/** What a field of the kind datetime-local holds, in this device's time. */
export function fieldOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** "07:29", the day's first hour being 00. */
export function clockOf(seconds: number): string {
  return fieldOf(seconds).slice(-"07:29".length);
}

/** A field's text as a time; null where it holds no time. */
export function secondsOf(field: string): number | null {
  const time = field === "" ? Number.NaN : new Date(field).getTime();
  return Number.isNaN(time) ? null : time / 1000;
}
