// The threads of this device, in the browser's own database: they never go to the server.

import { forgetLeaving, notedLeaving } from "./leaving.ts";
import { isEmpty, recovered, type Thread } from "./thread.ts";

export const MOST_THREADS = 200;
export const MOST_CHARACTERS = 20_000_000;

export interface Shelf {
  /** The one that was changed last first. */
  readonly threads: readonly Thread[];
  readonly isRead: boolean;
  /** Why the last one was not kept. */
  readonly problem: "full" | "unavailable" | null;
}

let shelf: Shelf = { threads: [], isRead: false, problem: null };
const sizes = new Map<string, number>();
const waiting = new Set<() => void>();

function say(change: Partial<Shelf>): void {
  shelf = { ...shelf, ...change };
  for (const wake of waiting) wake();
}

export function subscribeShelf(wake: () => void): () => void {
  waiting.add(wake);
  return () => {
    waiting.delete(wake);
  };
}

export function currentShelf(): Shelf {
  return shelf;
}

const STORE = "threads";
let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open("bodhi", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(new Error("the browser keeps nothing"));
    };
  });
  return opened;
}

async function done<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>) {
  const transaction = (await database()).transaction(STORE, mode);
  const request = ask(transaction.objectStore(STORE));
  // At once, and not when nothing more is asked of it: the page may go.
  transaction.commit();
  return new Promise<T>((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve(request.result);
    };
    transaction.onabort = () => {
      reject(new Error("the browser did not keep it"));
    };
  });
}

/** Read what is there, once. */
export async function readShelf(): Promise<void> {
  if (shelf.isRead) return;
  try {
    const found = await done<Thread[]>(
      "readonly",
      (store) => store.getAll() as IDBRequest<Thread[]>,
    );
    const threads = withNoted(found)
      .map(recovered)
      .sort((a, b) => b.changedAt - a.changedAt);
    for (const thread of threads) sizes.set(thread.id, sizeOf(thread));
    // What began while this was read is newer than anything that was found.
    const begun = new Set(shelf.threads.map(({ id }) => id));
    say({
      threads: [...shelf.threads, ...threads.filter(({ id }) => !begun.has(id))],
      isRead: true,
    });
  } catch {
    say({ isRead: true, problem: "unavailable" });
  }
}

/** What was found, and in its place what was noted of it as the page went, which is then kept. */
function withNoted(found: readonly Thread[]): readonly Thread[] {
  const threads = new Map(found.map((thread) => [thread.id, thread]));
  for (const noted of notedLeaving()) {
    if ((threads.get(noted.id)?.changedAt ?? 0) > noted.changedAt) {
      forgetLeaving(noted.id);
      continue;
    }
    threads.set(noted.id, noted);
    void done("readwrite", (store) => store.put(recovered(noted))).then(() => {
      forgetLeaving(noted.id);
    }, ignored);
  }
  return [...threads.values()];
}

/** Keep a thread as it is now; `problem` says where there is no room for it. */
export function keepThread(thread: Thread): void {
  if (isEmpty(thread)) return;
  const others = shelf.threads.filter(({ id }) => id !== thread.id);
  const isNew = others.length === shelf.threads.length;
  sizes.set(thread.id, sizeOf(thread));
  if ((isNew && others.length >= MOST_THREADS) || total() > MOST_CHARACTERS) {
    sizes.delete(thread.id);
    say({ problem: "full" });
    return;
  }
  say({ threads: [thread, ...others], problem: null });
  done("readwrite", (store) => store.put(thread)).catch(() => {
    say({ problem: "full" });
  });
}

export function removeThread(id: string): void {
  forgetLeaving(id);
  sizes.delete(id);
  say({ threads: shelf.threads.filter((thread) => thread.id !== id), problem: null });
  done("readwrite", (store) => store.delete(id)).catch(() => {
    say({ problem: "unavailable" });
  });
}

/** It stays noted, and is tried again at the next start. */
function ignored(): void {
  return undefined;
}

function total(): number {
  let sum = 0;
  for (const size of sizes.values()) sum += size;
  return sum;
}

/** In characters, near enough: what makes a thread large is what was said. */
function sizeOf({ turns, system }: Thread): number {
  return turns.reduce(
    (sum, turn) =>
      sum +
      (turn.role === "user"
        ? turn.text.length
        : turn.trial.text.length + turn.trial.thought.length + 4_000),
    system.length,
  );
}
