// A set of prompts asked one after the other, each of every lane at once. Stopping keeps what came.
import { useEffect, useRef, useState } from "react";

import { announce } from "@/components/announcer.ts";
import { t as trialWords } from "@/components/trial/messages.en.ts";

import { triedOf } from "./lanes.ts";
import { runLanes } from "./runLanes.ts";
import { messagesOf } from "./seeds.ts";
import type { Row } from "./sets.ts";

interface SetRun {
  readonly said: readonly string[];
  readonly rows: readonly Row[];
  readonly total: number;
  readonly isRunning: boolean;
  readonly ranWith: number;
}

const NONE: SetRun = { said: [], rows: [], total: 0, isRunning: false, ranWith: 0 };

export function useSetRun(said: readonly string[]) {
  const [state, setState] = useState(NONE);
  const aborter = useRef<AbortController | null>(null);
  useEffect(() => () => aborter.current?.abort(), []);
  const start = async (prompts: readonly string[], system: string, seed: number) => {
    aborter.current?.abort();
    const mine = new AbortController();
    aborter.current = mine;
    let rows: readonly Row[] = [];
    const show = (isRunning: boolean) => {
      if (aborter.current === mine)
        setState({ said, rows, total: prompts.length, isRunning, ranWith: seed });
    };
    for (const prompt of prompts) {
      if (mine.signal.aborted) break;
      const earlier = rows;
      const question = { lanes: said.map(triedOf), messages: messagesOf(system, prompt), seed };
      await runLanes(question, mine.signal, (runs) => {
        rows = [...earlier, { prompt, runs }];
        show(true);
      });
    }
    show(false);
    announce(mine.signal.aborted ? trialWords.phases.stopped : trialWords.phases.done);
  };
  // What was answered by other lanes is not these lanes' answer.
  const isTheirs =
    state.said.length === said.length && state.said.every((one, at) => one === said[at]);
  return {
    ...(isTheirs ? state : { ...NONE, isRunning: state.isRunning }),
    start,
    stop: () => aborter.current?.abort(),
  };
}
