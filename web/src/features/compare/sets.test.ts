import { expect, test } from "vitest";

import { TRIAL_BEGINS } from "@/lib/trial.ts";

import type { LaneRun } from "./runLanes.ts";
import { asCsv, asJson, isDifferent } from "./sets.ts";

const said = (text: string): LaneRun => ({
  trial: { ...TRIAL_BEGINS, phase: "done", text },
  problem: null,
});
const row = { prompt: 'Say "a", b', runs: [said("one\ntwo"), said("=HYPERLINK(1)")] };

test("a row differs where any lane says something else", () => {
  expect(isDifferent(row)).toBe(true);
  expect(isDifferent({ prompt: "", runs: [said("a"), said("a"), said("a")] })).toBe(false);
});

test("quotes, commas and lines survive in CSV, and no cell is a formula", () => {
  const [head, ...lines] = asCsv(["a", "b"], [row]).split("\r\n");
  expect(head).toBe(
    "prompt,a,a tokens,a tokens/s,a first token ms,b,b tokens,b tokens/s,b first token ms",
  );
  expect(lines.join("")).toBe('"Say ""a"", b","one\ntwo",,,,\'=HYPERLINK(1),,,');
});

test("JSON says which lane said what", () => {
  const read = JSON.parse(asJson(["a", "b"], [row], 7)) as {
    seed: number;
    results: { different: boolean; outputs: { lane: string; text: string }[] }[];
  };
  expect(read.seed).toBe(7);
  expect(read.results[0]?.outputs[1]).toMatchObject({ lane: "b", text: "=HYPERLINK(1)" });
});
