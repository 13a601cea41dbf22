// One question to every lane: what each says as it says it. One that fails leaves the others be.

import { asProblem, problemOf } from "@/api/problem.ts";
import { type Spoken, type Tried, tryLanes } from "@/api/trials.ts";
import { oncePerFrame } from "@/components/oncePerFrame.ts";
import { isOver, told, TRIAL_BEGINS, type TrialState } from "@/lib/trial.ts";

export interface LaneRun {
  readonly trial: TrialState;
  readonly problem: { readonly message: string; readonly remedy: string | null } | null;
}

export interface Question {
  readonly lanes: readonly Tried[];
  readonly messages: readonly Spoken[];
  readonly seed: number;
}

/** Ends when every lane has ended, or with the signal; `onChange` is called at most once a frame. */
export async function runLanes(
  { lanes, messages, seed }: Question,
  signal: AbortSignal,
  onChange: (runs: readonly LaneRun[]) => void,
): Promise<readonly LaneRun[]> {
  let runs: readonly LaneRun[] = lanes.map(() => ({ trial: TRIAL_BEGINS, problem: null }));
  let isOpen = true;
  const draw = oncePerFrame(() => {
    if (isOpen) onChange(runs);
  });
  onChange(runs);
  try {
    for await (const { event, data } of tryLanes(lanes, messages, seed, signal)) {
      runs = runs.map((run, at) => (at === data.lane ? after(run, event, data) : run));
      draw();
    }
  } catch (error) {
    const problem = signal.aborted ? null : asProblem(error);
    const phase = signal.aborted ? "stopped" : "failed";
    runs = runs.map((run) =>
      isOver(run.trial) ? run : { trial: { ...run.trial, phase }, problem },
    );
  }
  isOpen = false;
  onChange(runs);
  return runs;
}

function after(run: LaneRun, event: string, data: Readonly<Record<string, unknown>>): LaneRun {
  const trial = told(run.trial, event, data);
  return { trial, problem: trial.error === null ? null : problemOf(trial.error) };
}
