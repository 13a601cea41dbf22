// A reference in Python made this file: tests/params/distribution_reference.py.
import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { EXAMPLE, reshaped, type Sampling } from "./distribution.ts";

interface Vector {
  readonly sampling: Sampling;
  readonly chances: readonly number[];
}

const FILE = new URL("../../../tests/params/distribution_vectors.json", import.meta.url);
const { logits, vectors } = JSON.parse(readFileSync(FILE, "utf8")) as {
  readonly logits: readonly number[];
  readonly vectors: readonly Vector[];
};

describe("a distribution is reshaped as the reference reshapes it", () => {
  test("there are enough cases, of the example that is drawn", () => {
    expect(logits).toEqual(EXAMPLE);
    expect(vectors.length).toBeGreaterThanOrEqual(40);
    const cold = new Set(vectors.map(({ sampling }) => sampling.temperature));
    for (const one of [0, 0.2, 1, 2]) expect(cold).toContain(one);
  });

  test.each(vectors.map((one) => [JSON.stringify(one.sampling), one] as const))(
    "%s",
    (_, { sampling, chances }) => {
      const found = reshaped(logits, sampling);
      expect(found.length).toBe(chances.length);
      for (const [at, chance] of chances.entries()) {
        expect(found[at] === 0).toBe(chance === 0);
        expect(Math.abs((found[at] ?? 0) - chance)).toBeLessThanOrEqual(0.01 * chance);
      }
    },
  );
});
