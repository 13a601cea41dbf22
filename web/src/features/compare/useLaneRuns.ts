// The lanes that are being asked one question; what was asked of other lanes is not theirs.
import { useEffect, useRef, useState } from "react";

import type { Spoken } from "@/api/trials.ts";
import { announce } from "@/components/announcer.ts";
import { t as trialWords } from "@/components/trial/messages.en.ts";
import { isOver } from "@/lib/trial.ts";

import { triedOf } from "./lanes.ts";
import { type LaneRun, runLanes } from "./runLanes.ts";

interface Asked {
  readonly said: readonly string[];
  readonly runs: readonly LaneRun[];
}

export function useLaneRuns(said: readonly string[]) {
  const [asked, setAsked] = useState<Asked>({ said: [], runs: [] });
  const aborter = useRef<AbortController | null>(null);
  useEffect(() => () => aborter.current?.abort(), []);
  const start = async (messages: readonly Spoken[], seed: number) => {
    aborter.current?.abort();
    const mine = new AbortController();
    aborter.current = mine;
    const show = (runs: readonly LaneRun[]) => {
      if (aborter.current === mine) setAsked({ said, runs });
    };
    await runLanes({ lanes: said.map(triedOf), messages, seed }, mine.signal, show);
    announce(mine.signal.aborted ? trialWords.phases.stopped : trialWords.phases.done);
  };
  return {
    runs: said.map((one, at) => (asked.said[at] === one ? (asked.runs[at] ?? null) : null)),
    isRunning: asked.runs.some(({ trial }) => !isOver(trial)),
    start,
    stop: () => aborter.current?.abort(),
  };
}
