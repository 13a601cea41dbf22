// Undo and redo over states that never change: labelled steps, one for each gesture. Pure.

export interface Step<T> {
  readonly label: string;
  readonly gesture: string | null;
  /** When it was made, in milliseconds of any clock. */
  readonly at: number;
  readonly before: T;
}

export interface History<T> {
  readonly now: T;
  readonly undo: readonly Step<T>[];
  /** What undone steps led to, the next one last. */
  readonly redo: readonly Step<T>[];
}

export const MOST_STEPS = 200;
// Keys and letters that follow each other this fast are one gesture; a drag is one however long.
const SAME_GESTURE_MS = 800;

export function begin<T>(now: T): History<T> {
  return { now, undo: [], redo: [] };
}

interface Change<T> {
  readonly next: T;
  readonly label: string;
  readonly gesture: string | null;
  readonly at: number;
}

/** A change; what was undone before it is gone. A gesture that goes on makes no new step. */
export function changed<T>(
  history: History<T>,
  { next, label, gesture, at }: Change<T>,
): History<T> {
  if (Object.is(next, history.now)) return history;
  const last = history.undo.at(-1);
  const goesOn =
    last !== undefined &&
    history.redo.length === 0 &&
    gesture !== null &&
    gesture === last.gesture &&
    (gesture.startsWith("drag ") || at - last.at <= SAME_GESTURE_MS);
  const undo = goesOn
    ? [...history.undo.slice(0, -1), { ...last, label, at }]
    : [...history.undo, { label, gesture, at, before: history.now }].slice(-MOST_STEPS);
  return { now: next, undo, redo: [] };
}

export function undone<T>(history: History<T>): History<T> {
  const last = history.undo.at(-1);
  if (last === undefined) return history;
  const step = { ...last, gesture: null, before: history.now };
  return { now: last.before, undo: history.undo.slice(0, -1), redo: [...history.redo, step] };
}

export function redone<T>(history: History<T>): History<T> {
  const next = history.redo.at(-1);
  if (next === undefined) return history;
  const step = { ...next, before: history.now };
  return { now: next.before, undo: [...history.undo, step], redo: history.redo.slice(0, -1) };
}
