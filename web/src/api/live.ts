// What changes on the server, as it changes: one stream of events, which makes what is shown old.

import type { QueryClient, QueryKey } from "@tanstack/react-query";

// Which queries an event of each kind makes old, by how their keys begin.
const OLD: Readonly<Record<string, readonly QueryKey[]>> = {
  alias: [["aliases"], ["versions"], ["trash"], ["dashboard"]],
  draft: [["drafts"], ["aliases"], ["dashboard"]],
  file: [["models"], ["aliases"], ["dashboard"]],
  template: [["templates"]],
  engine: [["engines"]],
  job: [["jobs"]],
  usage: [["usage"], ["dashboard"]],
};

export type Liveness = "connecting" | "live" | "lost";

// A restart takes a second; nobody needs a banner for that.
const LOST_AFTER_MS = 3_000;
// Of many changes at once the page reads the result once.
const GATHER_MS = 120;

let liveness: Liveness = "connecting";
const waiting = new Set<() => void>();

function say(now: Liveness): void {
  if (now === liveness) return;
  liveness = now;
  for (const wake of waiting) wake();
}

export function subscribeLiveness(wake: () => void): () => void {
  waiting.add(wake);
  return () => {
    waiting.delete(wake);
  };
}

export function currentLiveness(): Liveness {
  return liveness;
}

/** Follow the server until the returned function is called. The browser resumes by itself. */
export function follow(queries: QueryClient): () => void {
  const source = new EventSource("/api/v1/events");
  const old = new Set<string>();
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let losing: ReturnType<typeof setTimeout> | undefined;
  const refresh = (kind: string) => {
    old.add(kind);
    gathering ??= setTimeout(() => {
      gathering = undefined;
      const keys = [...old].flatMap((one) => OLD[one] ?? []);
      old.clear();
      for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
    }, GATHER_MS);
  };
  const everything = () => {
    for (const kind of Object.keys(OLD)) refresh(kind);
  };
  source.addEventListener("open", () => {
    clearTimeout(losing);
    losing = undefined;
    // What was read while nobody told of changes may be old.
    if (liveness === "lost") everything();
    say("live");
  });
  source.addEventListener("reset", everything);
  for (const kind of Object.keys(OLD)) {
    source.addEventListener(kind, () => {
      refresh(kind);
    });
  }
  source.onerror = () => {
    losing ??= setTimeout(() => {
      say("lost");
    }, LOST_AFTER_MS);
  };
  return () => {
    source.close();
    clearTimeout(gathering);
    clearTimeout(losing);
  };
}
