// Counts over time as bars, with the same as a table for whoever cannot or would rather not look.
import { VisuallyHidden } from "@mantine/core";

import styles from "./Bars.module.css";

export interface Bar {
  /** Seconds since the epoch, where the bar begins. */
  readonly at: number;
  /** null: nothing is known of that time, which is not the same as nothing. */
  readonly value: number | null;
  /** A part of the value that is drawn apart, such as failures. */
  readonly marked: number;
}

interface Props {
  readonly bars: readonly Bar[];
  readonly label: string;
  readonly heads: readonly [time: string, value: string, marked: string];
  readonly timeText: (at: number) => string;
  /** Where the last bar ends; without it, when it begins is said. */
  readonly endText?: string | undefined;
  readonly height?: number;
}

const WIDTH = 10;
const GAP = 2;

export function Bars({ bars, label, heads, timeText, endText, height = 96 }: Props) {
  const most = Math.max(1, ...bars.map((bar) => bar.value ?? 0));
  const tall = (value: number) => (value / most) * height;
  const width = bars.length * (WIDTH + GAP) - GAP;
  const [first, last] = [bars[0], bars.at(-1)];
  return (
    <figure className={styles.figure}>
      <svg
        className={styles.bars}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        style={{ height }}
        aria-hidden
      >
        {bars.map(({ at, value, marked }, place) => {
          const x = place * (WIDTH + GAP);
          if (value === null)
            return (
              <rect key={at} className={styles.gap} x={x} y={0} width={WIDTH} height={height} />
            );
          return (
            <g key={at}>
              <title>{`${timeText(at)}: ${value}`}</title>
              <rect
                className={styles.bar}
                x={x}
                y={height - Math.max(1, tall(value))}
                width={WIDTH}
                height={Math.max(1, tall(value))}
                data-empty={value === 0}
              />
              {marked === 0 ? null : (
                <rect
                  className={styles.marked}
                  x={x}
                  y={height - tall(marked)}
                  width={WIDTH}
                  height={tall(marked)}
                />
              )}
            </g>
          );
        })}
      </svg>
      <p className={styles.times} aria-hidden>
        <span>{first === undefined ? "" : timeText(first.at)}</span>
        {bars.some(({ marked }) => marked > 0) ? (
          <span className={styles.legend}>{heads[2]}</span>
        ) : null}
        <span>{endText ?? (last === undefined ? "" : timeText(last.at))}</span>
      </p>
      <VisuallyHidden>
        <table>
          <caption>{label}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bars
              .filter((bar) => bar.value !== 0)
              .map(({ at, value, marked }) => (
                <tr key={at}>
                  <th scope="row">{timeText(at)}</th>
                  <td>{value ?? ""}</td>
                  <td>{marked}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </figure>
  );
}
