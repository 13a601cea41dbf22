import { expect, test } from "vitest";

import type { Parameter } from "@/api/types.ts";

import { presetNameOf, sectionsOf, settingsOfPreset } from "./sections.ts";

const PARAMS = [
  { key: "n_ctx", section: "context_params" },
  { key: "temperature", section: "request_params" },
  { key: "top_p", section: "request_params" },
  { key: "seed", section: "request_params" },
] as unknown as readonly Parameter[];

test("a preset goes into the rows and comes back as it was", () => {
  const preset = {
    context_params: { n_ctx: 0 },
    request_params: { temperature: 0.2, seed: 7 },
    request_policy: { seed: "enforce", temperature: { clamp: [0, 0.5] }, top_p: { clamp: [0, 1] } },
  };
  const settings = settingsOfPreset(preset);
  expect(settings.get("n_ctx")).toEqual({ mode: "default", value: 0, bounds: null });
  expect(settings.get("temperature")?.mode).toBe("clamp");
  expect(settings.get("seed")?.mode).toBe("enforce");
  expect(sectionsOf(settings, PARAMS)).toEqual(preset);
});

test.each([
  ["coding.yaml", "coding"],
  ["My Coding (2).yml", "my-coding-2"],
  ["..", ""],
  ["a".repeat(90), "a".repeat(64)],
])("the file %s is the preset %s", (file, name) => {
  expect(presetNameOf(file)).toBe(name);
});
