// Counts over time, one column a step, its parts on top of each other.
import { roundUp } from "@/lib/axis.ts";

import { Plot, type StepText } from "./Plot.tsx";
import styles from "./Plot.module.css";
import { count } from "@/messages.en.ts";
import type { LegendItem } from "./tones.ts";

export interface Part extends LegendItem {
  /** One for each step. */
  readonly values: readonly number[];
}

interface Props {
  readonly steps: readonly StepText[];
  /** The lowest first. */
  readonly parts: readonly Part[];
  readonly height?: number;
}

// Of a step's width; the rest keeps columns apart. A few columns are no walls.
const WIDTH = 0.72;
const FEW_WIDTH = 0.36;
const FEW = 12;

export function Columns({ steps, parts, height = 150 }: Props) {
  const valueOf = (part: Part, place: number) => part.values[place] ?? 0;
  const sums = steps.map((_, place) => parts.reduce((sum, part) => sum + valueOf(part, place), 0));
  const width = steps.length <= FEW ? FEW_WIDTH : WIDTH;
  const top = roundUp(Math.max(1, ...sums));
  return (
    <Plot
      steps={steps}
      top={top}
      height={height}
      markText={count}
      told={(place) =>
        parts.map((part) => ({
          name: part.name,
          tone: part.tone,
          text: count(valueOf(part, place)),
        }))
      }
    >
      {steps.map((_, place) => {
        let under = 0;
        return parts.map((part) => {
          const tall = (valueOf(part, place) / top) * 100;
          if (tall === 0) return null;
          under += tall;
          return (
            <rect
              key={`${place} ${part.name}`}
              className={styles.part}
              data-tone={part.tone}
              x={place + (1 - width) / 2}
              y={100 - under}
              width={width}
              height={tall}
            />
          );
        });
      })}
    </Plot>
  );
}
