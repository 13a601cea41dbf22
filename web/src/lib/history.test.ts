import { expect, test } from "vitest";

import { begin, changed, type History, MOST_STEPS, redone, undone } from "./history.ts";

const step = (history: History<number>, next: number, gesture: string | null = null, at = 0) =>
  changed(history, { next, label: `to ${next}`, gesture, at });

test("a drag is one step however long it takes", () => {
  let history = begin(0);
  for (let at = 1; at <= 40; at += 1) history = step(history, at, "drag 1", at * 100);
  expect(history.undo).toHaveLength(1);
  expect(undone(history).now).toBe(0);
  expect(history.undo[0]?.label).toBe("to 40");
});

test("letters typed one after another are one step, after a pause they are two", () => {
  const typed = step(step(begin(0), 1, "type x", 0), 2, "type x", 700);
  expect(typed.undo).toHaveLength(1);
  expect(step(typed, 3, "type x", 1600).undo).toHaveLength(2);
});

test("of many steps the last are kept", () => {
  let history = begin(0);
  for (let at = 1; at <= 250; at += 1) history = step(history, at);
  expect(history.undo).toHaveLength(MOST_STEPS);
  for (let left = MOST_STEPS; left > 0; left -= 1) history = undone(history);
  expect(history.now).toBe(50);
  expect(undone(history)).toBe(history);
});

test("a new change takes what could be done again away", () => {
  const back = undone(step(step(begin(0), 1), 2));
  expect(back.redo).toHaveLength(1);
  expect(step(back, 9).redo).toEqual([]);
});

test("a gesture does not go on after an undo", () => {
  const back = undone(step(begin(0), 1, "type x", 0));
  expect(step(back, 5, "type x", 10).undo).toHaveLength(1);
});

test("what changes nothing is no step", () => {
  const history = begin(0);
  expect(step(history, 0)).toBe(history);
});

test("undone and done again, every sequence is where it was", () => {
  // A small generator of our own: a thousand sequences, the same each time.
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  for (let round = 0; round < 1000; round += 1) {
    let history = begin(0);
    for (let at = 0; at < 12; at += 1) {
      const gesture = [null, "drag 1", "type x"][next(3)] ?? null;
      history = next(4) === 0 ? undone(history) : step(history, next(1000) + 1, gesture, at * 300);
    }
    const depth = next(5);
    let there = history;
    for (let at = 0; at < depth; at += 1) there = undone(there);
    const moved = history.undo.length - there.undo.length;
    for (let at = 0; at < moved; at += 1) there = redone(there);
    expect(there.now).toBe(history.now);
    expect(there.undo.map((one) => one.label)).toEqual(history.undo.map((one) => one.label));
  }
});
