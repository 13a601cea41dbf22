// What just happened, said in a corner for a while, perhaps with a way to take it back.

import { announce } from "./announcer.ts";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "done" | "failed";
  readonly action: { readonly label: string; readonly run: () => void } | null;
  /** Milliseconds that it stays. */
  readonly stays: number;
}

type Shown = readonly Toast[];

const DONE_MS = 5_000;
const WITH_ACTION_MS = 8_000;
const MOST = 3;

let toasts: Shown = [];
let made = 0;
const waiting = new Set<() => void>();

function show(next: Shown): void {
  toasts = next;
  for (const wake of waiting) wake();
}

/** Say that something was done; `action` offers to take it back. */
export function toast(text: string, action: Toast["action"] = null): void {
  add({ text, tone: "done", action, stays: action === null ? DONE_MS : WITH_ACTION_MS });
}

/** Say that something was not done. It stays longer: there is more to read. */
export function toastFailure(text: string): void {
  add({ text, tone: "failed", action: null, stays: WITH_ACTION_MS });
}

function add(fresh: Omit<Toast, "id">): void {
  made += 1;
  show([...toasts, { ...fresh, id: made }].slice(-MOST));
  announce(fresh.text);
}

export function dismiss(id: number): void {
  show(toasts.filter((one) => one.id !== id));
}

export function subscribeToasts(wake: () => void): () => void {
  waiting.add(wake);
  return () => {
    waiting.delete(wake);
  };
}

export function currentToasts(): Shown {
  return toasts;
}
