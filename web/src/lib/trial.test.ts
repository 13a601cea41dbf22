import { expect, test } from "vitest";

import { isOver, told, TRIAL_BEGINS } from "./trial.ts";

const after = (...events: readonly (readonly [string, Record<string, unknown>])[]) =>
  events.reduce((state, [event, data]) => told(state, event, data), TRIAL_BEGINS);

test("a trial is told from the queue to its figures", () => {
  const timings = { phases: { content: 5 }, first_token_ms: 3, duration_ms: 9 };
  const effective = [{ key: "top_k", label: "Top-k", value: 7, layer: "request", ladder: [] }];
  const state = after(
    [
      "begun",
      { needs_load: true, load_key_changed: null, request_id: "5f", alias: "a@2", seed: 7 },
    ],
    ["phase", { phase: "loading", percent: 40 }],
    ["phase", { phase: "content", percent: null }],
    ["delta", { content: "Hel" }],
    ["delta", { content: "lo", reasoning: "hm", pieces: 3 }],
    ["done", { finish_reason: "stop", timings, memory: { resident_bytes: 7 }, effective }],
  );
  expect(state).toMatchObject({
    phase: "done",
    percent: null,
    text: "Hello",
    thought: "hm",
    needsLoad: true,
    loadKeyChanged: false,
    finish: "stop",
    timings,
    memoryBytes: 7,
    pieces: 4,
    requestId: "5f",
    servedBy: "a@2",
    seed: 7,
    inForce: [{ key: "top_k", label: "Top-k", value: 7, layer: "request" }],
  });
  expect(isOver(state)).toBe(true);
});

test("what came before an error stands", () => {
  const state = after(
    ["delta", { content: "Hel" }],
    ["error", { error: { message: "No." }, engine_lines: ["assert"], timings: { phases: {} } }],
  );
  expect(state).toMatchObject({ phase: "failed", text: "Hel", engineLines: ["assert"] });
});

test("what is not known changes nothing", () => {
  expect(after(["weather", {}])).toEqual(TRIAL_BEGINS);
  expect(after(["phase", { phase: "dancing" }]).phase).toBe("queued");
});
