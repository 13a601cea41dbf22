// How long ago something was, and still true a minute later.
import { useSyncExternalStore } from "react";

import { fieldOf } from "@/lib/localTime.ts";
import { ago } from "@/lib/units.ts";
import { t } from "@/messages.en.ts";

const TICK_MS = 20_000;

let now = Date.now();
const waiting = new Set<() => void>();

// One clock for all that show a time; it stands still while nobody does.
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = Date.now();
  for (const wake of waiting) wake();
}

function subscribe(wake: () => void): () => void {
  if (waiting.size === 0) {
    now = Date.now();
    timer = setInterval(tick, TICK_MS);
  }
  waiting.add(wake);
  return () => {
    waiting.delete(wake);
    if (waiting.size === 0) clearInterval(timer);
  };
}

/** `then` in seconds since the epoch. */
export function Ago({ then }: { readonly then: number }) {
  const milliseconds = useSyncExternalStore(subscribe, () => now);
  return (
    <time dateTime={new Date(then * 1000).toISOString()} title={fieldOf(then).replace("T", " ")}>
      {ago(then, milliseconds / 1000, t.justNow)}
    </time>
  );
}
