// What every lane is asked with: one seed, one system prompt. Pure, but for the dice.

import type { Spoken } from "@/api/trials.ts";

export const SEEDS = 2 ** 31;

export function drawSeed(): string {
  return String((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % SEEDS);
}

/** null where what is typed is no seed. */
export function seedIn(typed: string): number | null {
  const seed = /^\d{1,10}$/.test(typed.trim()) ? Number(typed) : NaN;
  return seed < SEEDS ? seed : null;
}

export function messagesOf(system: string, prompt: string): readonly Spoken[] {
  const first: readonly Spoken[] =
    system.trim() === "" ? [] : [{ role: "system", content: system }];
  return [...first, { role: "user", content: prompt }];
}
