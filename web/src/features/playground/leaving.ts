// A thread as it was when the page went: written without waiting, for the database of a page that
// goes may not be done. What is found here at the next start goes into the database.

import type { Thread } from "./thread.ts";

const PREFIX = "bodhi-leaving-";

/** Note what an answer has said so far; a thread too large for this is where it was kept last. */
export function noteLeaving(thread: Thread): void {
  try {
    localStorage.setItem(PREFIX + thread.id, JSON.stringify(thread));
  } catch {
    // Full, or not allowed: what was written now and then stays.
  }
}

/** What was noted and not forgotten. */
export function notedLeaving(): readonly Thread[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => JSON.parse(localStorage.getItem(key) ?? "null") as Thread);
  } catch {
    return [];
  }
}

export function forgetLeaving(id: string): void {
  try {
    localStorage.removeItem(PREFIX + id);
  } catch {
    // Not allowed: then nothing was noted.
  }
}
