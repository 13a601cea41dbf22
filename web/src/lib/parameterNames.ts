// The short names that people type for parameters, beside the keys themselves. Pure.

const SHORT: Readonly<Record<string, string>> = {
  temp: "temperature",
  ctx: "n_ctx",
  "ctx-size": "n_ctx",
  threads: "n_threads",
  predict: "n_predict",
  parallel: "n_parallel",
  seed: "seed",
  stop: "stop",
};
/** The short name of a key, where it has one. */
export const SHORT_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(SHORT)
    .reverse()
    .map(([short, key]) => [key, short]),
);

const KEY = /^[a-z]+(_[a-z0-9]+)+$/;

/** The registry's key for a typed name, or null where the name cannot be one. */
export function parameterKey(typed: string): string | null {
  const name = SHORT[typed] ?? typed.replaceAll("-", "_");
  return name in SHORT || name === "temperature" || KEY.test(name) ? name : null;
}
