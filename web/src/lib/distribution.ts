// What sampling parameters make of a distribution, in the order in which llama.cpp's samplers run:
// top-k, top-p, min-p, and temperature last (llama.cpp, common/common.h, params_sampling). Pure.

/** Logarithms of likelihoods, the likeliest token first. An example, and not of any model. */
export const EXAMPLE = [5, 4.2, 3.7, 3.1, 2.6, 2, 1.5, 1, 0.4, -0.3, -1, -2] as const;

export interface Sampling {
  readonly temperature: number;
  /** 0 keeps all. */
  readonly top_k: number;
  /** 1 keeps all. */
  readonly top_p: number;
  /** 0 keeps all. */
  readonly min_p: number;
}

/** The chance of each token to be the next one; 0 for those that are cut off. They sum to 1. */
export function reshaped(logits: readonly number[], sampling: Sampling): readonly number[] {
  const { temperature, top_k, top_p, min_p } = sampling;
  let kept = top_k > 0 ? Math.min(top_k, logits.length) : logits.length;
  kept = withinMass(shares(logits.slice(0, kept)), top_p);
  const plain = shares(logits.slice(0, kept));
  const least = min_p * (plain[0] ?? 0);
  kept = Math.max(1, plain.filter((share) => share >= least).length);
  // No chance at all is left to chance: the likeliest is taken.
  if (temperature <= 0) kept = 1;
  const warm = temperature <= 0 ? 1 : temperature;
  const chances = shares(logits.slice(0, kept).map((logit) => logit / warm));
  return logits.map((_, at) => chances[at] ?? 0);
}

/** How many of the likeliest together reach a share of the whole. */
function withinMass(chances: readonly number[], mass: number): number {
  if (mass >= 1) return chances.length;
  let sum = 0;
  for (const [at, chance] of chances.entries()) {
    sum += chance;
    if (sum >= mass) return at + 1;
  }
  return chances.length;
}

function shares(logits: readonly number[]): readonly number[] {
  const highest = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - highest));
  const sum = weights.reduce((all, one) => all + one, 0);
  return weights.map((weight) => weight / sum);
}
