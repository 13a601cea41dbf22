// One measure over time. Where nothing was measured there is no line: a gap is not a zero.
import { roundUp, runsOf } from "@/lib/axis.ts";

import { t } from "./messages.en.ts";
import { Plot, type StepText } from "./Plot.tsx";
import styles from "./Plot.module.css";

interface Props {
  readonly name: string;
  readonly steps: readonly StepText[];
  /** One for each step; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly textOf: (value: number) => string;
  readonly height?: number;
}

export function Line({ name, steps, values, textOf, height = 120 }: Props) {
  const top = roundUp(Math.max(0, ...values.filter((value) => value !== null)));
  const at = (place: number, value: number) => `${place + 0.5} ${100 - (value / top) * 100}`;
  return (
    <Plot
      steps={steps}
      top={top}
      height={height}
      markText={textOf}
      told={(place) => {
        const value = values[place] ?? null;
        return [{ name, tone: "first", text: value === null ? t.noValue : textOf(value) }];
      }}
    >
      {runsOf(values).map((run) => (
        <g key={run.from} data-run={run.values.length}>
          {run.values.length === 1 ? null : (
            <path
              className={styles.run}
              d={`M${run.values.map((value, place) => at(run.from + place, value)).join("L")}`}
            />
          )}
          {run.values.map((value, place) => (
            <path key={place} className={styles.dot} d={`M${at(run.from + place, value)}h0`} />
          ))}
        </g>
      ))}
    </Plot>
  );
}
