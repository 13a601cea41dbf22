// Where on a track a value lies, and which value lies where: evenly, or by powers of two. Pure.

export interface Scale {
  readonly low: number;
  readonly high: number;
  /** The smallest useful change; on a track of powers of two, of whole tokens. */
  readonly step: number;
  readonly log: boolean;
}

// On a track of powers of two a step is an eighth of the octave that it is in.
const STEPS_IN_AN_OCTAVE = 8;
// Beyond this many steps nobody finds a value by dragging: typing it is the way.
const MOST_STEPS = 10_000;
// A track ends this much beyond its last mark, where the limit itself is far away.
const ROOM_BEYOND = 2;

interface Bound {
  readonly value: number;
  /** A value beyond it is refused. */
  readonly is_limit: boolean;
}

interface Row {
  readonly kind: string;
  readonly scale: string;
  readonly step: number | null;
  readonly stops: readonly number[];
  readonly low: { readonly value: number } | null;
  readonly high: Bound | null;
}

/** The track of a parameter, or null where a slider would help nobody. */
export function scaleOf(row: Row): Scale | null {
  if (row.low === null || row.high === null || row.step === null) return null;
  const log = row.scale === "log2";
  const low = row.low.value;
  const high = seenHigh(row.high, row.stops, log);
  if (high <= low) return null;
  const scale = { low, high, step: row.step, log };
  return !log && (high - low) / row.step > MOST_STEPS ? null : scale;
}

/**
 * A technical limit may be a thousand times what anybody sets; the track ends near the marks. What
 * is no limit can be passed: by powers of two the track goes on for another one.
 */
function seenHigh(high: Bound, stops: readonly number[], log: boolean): number {
  if (!high.is_limit) return log ? high.value * ROOM_BEYOND : high.value;
  const last = stops.at(-1);
  return last === undefined ? high.value : Math.min(high.value, last * ROOM_BEYOND);
}

/** 0 at the left end, 1 at the right; what lies beyond the track is at its end. */
export function positionOf(scale: Scale, value: number): number {
  const low = bent(scale, scale.low);
  const at = (bent(scale, value) - low) / (bent(scale, scale.high) - low);
  return Math.max(0, Math.min(1, at));
}

/** The nearest value that the track has at a position from 0 to 1. */
export function valueAt(scale: Scale, position: number): number {
  const low = bent(scale, scale.low);
  const wanted = low + position * (bent(scale, scale.high) - low);
  return snapped(scale, scale.log ? 2 ** wanted - offset(scale) : wanted);
}

/** So many steps on from a value, within the track. */
export function stepped(scale: Scale, value: number, steps: number): number {
  let at = within(scale, value);
  for (let left = Math.abs(steps); left > 0; left -= 1) {
    const up = steps > 0;
    // Down from a power of two, the smaller octave's step leads to the value that leads up to it.
    const size = stepAt(scale, up ? at : at - scale.step / 2);
    at = snapped(scale, at + (up ? size : -size));
  }
  return at;
}

function bent(scale: Scale, value: number): number {
  return scale.log ? Math.log2(Math.max(value, scale.low) + offset(scale)) : value;
}

/** A track of powers of two that begins at nothing begins at the power of one. */
function offset(scale: Scale): number {
  return scale.low < 1 ? 1 - scale.low : 0;
}

function stepAt(scale: Scale, value: number): number {
  if (!scale.log || value <= 0) return scale.step;
  return Math.max(scale.step, 2 ** Math.floor(Math.log2(value)) / STEPS_IN_AN_OCTAVE);
}

function snapped(scale: Scale, value: number): number {
  const step = stepAt(scale, value);
  const from = scale.log ? 0 : scale.low;
  return within(scale, tidy(from + Math.round((value - from) / step) * step));
}

function within(scale: Scale, value: number): number {
  return Math.max(scale.low, Math.min(scale.high, value));
}

/** 0.1 + 0.2 is 0.3 here. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
