// One trial of the draft: what it says as it says it. Stopping keeps what has come.
import { useEffect, useRef, useState } from "react";

import { asProblem, type Problem, problemOf } from "@/api/problem.ts";
import { tryText } from "@/api/trials.ts";
import { announce } from "@/components/announcer.ts";
import { oncePerFrame } from "@/components/oncePerFrame.ts";
import { told, TRIAL_BEGINS, type TrialState } from "@/lib/trial.ts";

import { t } from "./messages.en.ts";

export interface Trial extends TrialState {
  readonly problem: Problem | null;
}

export function useTrial() {
  const [trial, setTrial] = useState<Trial | null>(null);
  const aborter = useRef<AbortController | null>(null);
  useEffect(() => () => aborter.current?.abort(), []);
  const start = async (sourceText: string, prompt: string) => {
    aborter.current?.abort();
    const mine = new AbortController();
    aborter.current = mine;
    let state: TrialState = TRIAL_BEGINS;
    let problem: Problem | null = null;
    const draw = oncePerFrame(() => {
      if (aborter.current === mine) setTrial({ ...state, problem });
    });
    draw();
    try {
      for await (const { event, data } of tryText(sourceText, prompt, mine.signal)) {
        state = told(state, event, data);
        draw();
      }
      if (state.error !== null) problem = problemOf(state.error);
    } catch (error) {
      const isStopped = mine.signal.aborted;
      state = { ...state, phase: isStopped ? "stopped" : "failed" };
      problem = isStopped ? null : asProblem(error);
    }
    draw();
    announce(t.phases[state.phase]);
  };
  return {
    trial,
    start,
    stop: () => aborter.current?.abort(),
  };
}
