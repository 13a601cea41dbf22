// What the samplers are at this moment: their sketches follow it, and the rows around them need not.
import { createContext, useMemo } from "react";

import type { Rung } from "@/api/types.ts";
import type { Sampling } from "@/lib/distribution.ts";

import type { Settings } from "./edits.ts";

const NEUTRAL: Sampling = { temperature: 1, top_k: 0, top_p: 1, min_p: 0 };

/** null: nothing is sketched here. */
export const SamplingNow = createContext<Sampling | null>(null);

/** Whether a parameter is one of those that reshape the distribution. */
export function isSampler(key: string): boolean {
  return Object.hasOwn(NEUTRAL, key);
}

/** One object as long as none of them changes. */
export function useSampling(settings: Settings, below: ReadonlyMap<string, Rung>): Sampling {
  const of = (key: keyof Sampling) => {
    const value = settings.get(key)?.value ?? below.get(key)?.value;
    return typeof value === "number" ? value : NEUTRAL[key];
  };
  const [temperature, top_k, top_p, min_p] = [
    of("temperature"),
    of("top_k"),
    of("top_p"),
    of("min_p"),
  ];
  return useMemo(() => ({ temperature, top_k, top_p, min_p }), [temperature, top_k, top_p, min_p]);
}
