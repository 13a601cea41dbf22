// What somebody chose for this browser: how close rows stand, whether single letters are commands.
import { useLocalStorage } from "@mantine/hooks";

import { LETTERS_KEY } from "@/lib/keys.ts";

export const DENSITIES = ["auto", "comfortable", "compact"] as const;
export type Density = (typeof DENSITIES)[number];

const first = { getInitialValueInEffect: false } as const;

export function useDensity() {
  return useLocalStorage<Density>({ key: "bodhi-density", defaultValue: "auto", ...first });
}

/** The id of the alias that others are held against; "" for none. */
export function useReferenceId() {
  return useLocalStorage({ key: "bodhi-reference", defaultValue: "", ...first });
}

export function useLetters() {
  return useLocalStorage<boolean>({ key: LETTERS_KEY, defaultValue: true, ...first });
}
