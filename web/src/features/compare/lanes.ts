// What answers in a lane: an alias by name, a version as name@3, a draft as draft:ID. Pure.

import type { Tried } from "@/api/trials.ts";
import type { EffectiveValue } from "@/api/types.ts";

export const LETTERS = ["a", "b", "c", "d"] as const;
export type Letter = (typeof LETTERS)[number];

/** What the lane at this place is called. */
export function letterAt(place: number): string {
  return (LETTERS[place] ?? "").toUpperCase();
}

export type Lane =
  | { readonly kind: "alias"; readonly name: string }
  | { readonly kind: "version"; readonly name: string; readonly version: number }
  | { readonly kind: "draft"; readonly id: string };

const DRAFT = "draft:";
const VERSION = /^(.+)@(\d+)$/;

export function laneOf(said: string): Lane {
  if (said.startsWith(DRAFT)) return { kind: "draft", id: said.slice(DRAFT.length) };
  const [, name, version] = VERSION.exec(said) ?? [];
  if (name === undefined) return { kind: "alias", name: said };
  return { kind: "version", name, version: Number(version) };
}

export function saidOf(lane: Lane): string {
  if (lane.kind === "draft") return DRAFT + lane.id;
  return lane.kind === "version" ? `${lane.name}@${lane.version}` : lane.name;
}

export function triedOf(said: string): Tried {
  const lane = laneOf(said);
  return lane.kind === "draft" ? { draft_id: lane.id } : { alias: said };
}

export interface ComparedRow {
  readonly key: string;
  readonly label: string;
  /** One for each side; null where a side cannot serve. */
  readonly values: readonly (Pick<EffectiveValue, "value" | "layer"> | null)[];
  readonly differs: boolean;
}

/** Every parameter that any side knows, with what it is on each. */
export function comparedRows(
  sides: readonly (readonly EffectiveValue[] | null)[],
): readonly ComparedRow[] {
  const labels = new Map(
    sides.flatMap((side) => (side ?? []).map(({ key, label }) => [key, label] as const)),
  );
  const byKey = sides.map((side) => new Map((side ?? []).map((one) => [one.key, one])));
  return [...labels].map(([key, label]) => {
    const values = byKey.map((side) => side.get(key) ?? null);
    const texts = new Set(values.map((one) => JSON.stringify(one?.value ?? null)));
    return { key, label, values, differs: texts.size > 1 };
  });
}
