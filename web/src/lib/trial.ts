// A trial as it is told: from events of its stream to one answer with its phases. Pure.

export const PHASES = ["queued", "loading", "prompt", "reasoning", "content"] as const;
export type TrialPhase = (typeof PHASES)[number];

export interface TrialTimings {
  readonly phases: Readonly<Partial<Record<TrialPhase, number>>>;
  readonly first_token_ms: number | null;
  readonly duration_ms: number;
  readonly prompt_tokens: number | null;
  readonly completion_tokens: number | null;
  /** The engine's own word, in milliseconds. */
  readonly prompt_ms: number | null;
  readonly generation_ms: number | null;
  readonly tokens_per_second: number | null;
}

/** A value that was really in force, and what decided it. */
export interface InForce {
  readonly key: string;
  readonly label: string;
  readonly value: unknown;
  readonly layer: string;
}

export interface TrialState {
  readonly phase: TrialPhase | "done" | "failed" | "stopped";
  /** Of the load; null where nothing is known of it. */
  readonly percent: number | null;
  readonly text: string;
  readonly thought: string;
  /** How many pieces the engine sent: as a rule one a token. */
  readonly pieces: number;
  readonly requestId: string | null;
  /** name@version of what answers, or a name where no version has this content. */
  readonly servedBy: string | null;
  readonly seed: number | null;
  readonly needsLoad: boolean;
  readonly loadKeyChanged: boolean;
  readonly finish: string | null;
  readonly timings: TrialTimings | null;
  readonly memoryBytes: number | null;
  readonly inForce: readonly InForce[];
  readonly error: unknown;
  readonly engineLines: readonly string[];
}

export const TRIAL_BEGINS: TrialState = {
  phase: "queued",
  percent: null,
  text: "",
  thought: "",
  pieces: 0,
  requestId: null,
  servedBy: null,
  seed: null,
  needsLoad: false,
  loadKeyChanged: false,
  finish: null,
  timings: null,
  memoryBytes: null,
  inForce: [],
  error: null,
  engineLines: [],
};

export function isOver({ phase }: TrialState): boolean {
  return phase === "done" || phase === "failed" || phase === "stopped";
}

type Told = Readonly<Record<string, unknown>>;

/** The trial after another event; events that are not known change nothing. */
export function told(state: TrialState, event: string, data: Told): TrialState {
  switch (event) {
    case "begun":
      return {
        ...state,
        requestId: text(data.request_id) || null,
        servedBy: text(data.alias) || null,
        seed: number(data.seed),
        needsLoad: data.needs_load === true,
        loadKeyChanged: data.load_key_changed === true,
      };
    case "phase":
      return { ...state, phase: phaseOf(data.phase) ?? state.phase, percent: number(data.percent) };
    case "delta":
      return {
        ...state,
        text: state.text + text(data.content),
        thought: state.thought + text(data.reasoning),
        pieces: state.pieces + (number(data.pieces) ?? 1),
      };
    case "done":
      return {
        ...state,
        phase: "done",
        finish: text(data.finish_reason) || null,
        timings: data.timings as TrialTimings,
        memoryBytes: number((data.memory as Told).resident_bytes),
        inForce: ((data.effective ?? []) as readonly InForce[]).map(shortened),
      };
    case "error":
      return {
        ...state,
        phase: "failed",
        error: { error: data.error },
        engineLines: data.engine_lines as readonly string[],
        timings: data.timings as TrialTimings,
      };
    default:
      return state;
  }
}

function shortened({ key, label, value, layer }: InForce): InForce {
  return { key, label, value, layer };
}

function phaseOf(value: unknown): TrialPhase | null {
  return PHASES.find((one) => one === value) ?? null;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
