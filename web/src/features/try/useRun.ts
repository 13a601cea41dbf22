// One run of one prompt: its phase, its text as it comes, its figures. Stopping keeps the text.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { chat } from "@/api/chat.ts";
import { asProblem, type Problem } from "@/api/problem.ts";
import { enginesQuery } from "@/api/queries.ts";
import type { Engine } from "@/api/types.ts";
import { announce } from "@/components/announcer.ts";
import { merged, type Piece, type Timings } from "@/lib/completion.ts";
import { t } from "@/messages.en.ts";

export type Phase = keyof typeof t.tryIt.phases;

export interface Run {
  readonly phase: Phase;
  readonly alias: string;
  readonly text: string;
  readonly thought: string;
  readonly pieces: number;
  /** Milliseconds since the run began. */
  readonly firstMs: number | null;
  readonly totalMs: number | null;
  readonly timings: Timings | null;
  readonly finish: string | null;
  readonly servedBy: string | null;
  readonly changed: string | null;
  readonly dropped: string | null;
  readonly problem: Problem | null;
}

const FRESH: Omit<Run, "alias"> = {
  phase: "asking",
  text: "",
  thought: "",
  pieces: 0,
  firstMs: null,
  totalMs: null,
  timings: null,
  finish: null,
  servedBy: null,
  changed: null,
  dropped: null,
  problem: null,
};
const OVER: ReadonlySet<Phase> = new Set(["done", "stopped", "failed"]);
const LOOK_EVERY_MS = 400;

export function isOver(run: Run | null): boolean {
  return run === null || OVER.has(run.phase);
}

export function useRun() {
  const [run, setRun] = useState<Run | null>(null);
  const aborter = useRef<AbortController | null>(null);
  useEffect(() => () => aborter.current?.abort(), []);
  useEnginePhase(run, setRun);

  const start = async (alias: string, prompt: string) => {
    aborter.current?.abort();
    const mine = new AbortController();
    aborter.current = mine;
    const draw = oncePerFrame(() => {
      if (aborter.current === mine) setRun(shown);
    });
    let shown: Run = { ...FRESH, alias };
    const change = (changes: Partial<Run>) => {
      shown = { ...shown, ...changes };
      draw();
    };
    const began = performance.now();
    setRun(shown);
    announce(t.tryIt.phases.asking);
    try {
      const { pieces, ...headers } = await chat(alias, prompt, mine.signal);
      change({ ...headers, phase: "reading" });
      for await (const piece of pieces) change(added(shown, piece, performance.now() - began));
      change({ phase: "done", totalMs: performance.now() - began });
      announce(t.tryIt.phases.done);
    } catch (error) {
      const stopped = mine.signal.aborted;
      const totalMs = performance.now() - began;
      change(
        stopped
          ? { phase: "stopped", totalMs }
          : { phase: "failed", totalMs, problem: asProblem(error) },
      );
      announce(stopped ? t.tryIt.phases.stopped : t.tryIt.phases.failed);
    }
  };
  return {
    run,
    start,
    stop: () => aborter.current?.abort(),
  };
}

function added(run: Run, piece: Piece, nowMs: number): Partial<Run> {
  const something = piece.text !== "" || piece.thought !== "";
  return {
    text: run.text + piece.text,
    thought: run.thought + piece.thought,
    pieces: run.pieces + Number(something),
    firstMs: run.firstMs ?? (something ? nowMs : null),
    finish: piece.finish ?? run.finish,
    timings: merged(run.timings, piece.timings),
    phase: piece.text !== "" ? "answering" : piece.thought !== "" ? "thinking" : run.phase,
  };
}

/** Many pieces, one drawing: at most one a frame. */
function oncePerFrame(draw: () => void): () => void {
  let pending = false;
  return () => {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      draw();
    });
  };
}

/** While nothing has come, the server's engines say what is being waited for. */
function useEnginePhase(
  run: Run | null,
  setRun: (change: (before: Run | null) => Run | null) => void,
): void {
  const queries = useQueryClient();
  const waiting = run !== null && !isOver(run) && run.firstMs === null;
  const alias = run?.alias ?? "";
  useEffect(() => {
    if (!waiting) return;
    const look = async () => {
      const engines = await queries.query({ ...enginesQuery, staleTime: 0 }).catch(() => []);
      const phase = phaseOf(engines.find((engine) => engine.aliases.includes(alias)));
      setRun((before) =>
        before !== null && !isOver(before) && before.firstMs === null
          ? { ...before, phase }
          : before,
      );
    };
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [waiting, alias, queries, setRun]);
}

function phaseOf(engine: Engine | undefined): Phase {
  if (engine === undefined) return "asking";
  if (engine.state === "starting") return "loading";
  return engine.waiting > 0 && engine.busy >= engine.slots ? "waiting" : "reading";
}
