// The frame of a picture over time: marks on both axes, and what a step holds under the pointer.
import { type PointerEvent, type ReactNode, useState } from "react";

import { marksUpTo, spread } from "@/lib/axis.ts";

import styles from "./Plot.module.css";
import type { LegendItem } from "./tones.ts";

export interface StepText {
  readonly name: string;
  readonly mark: string;
}

interface Props {
  readonly steps: readonly StepText[];
  readonly top: number;
  readonly markText: (value: number) => string;
  /** What is told of the step under the pointer. */
  readonly told: (place: number) => readonly (LegendItem & { readonly text: string })[];
  readonly height?: number;
  /** SVG in a box of 1 per step by 100. */
  readonly children: ReactNode;
}

const MOST_MARKS = 7;

export function Plot({ steps, top, markText, told, height = 150, children }: Props) {
  const [place, setPlace] = useState<number | null>(null);
  const count = steps.length;
  const find = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * count);
    setPlace(Math.min(count - 1, Math.max(0, at)));
  };
  const middle = (at: number) => `${((at + 0.5) / count) * 100}%`;
  const step = place === null ? undefined : steps[place];
  const marks = marksUpTo(top);
  // Marks lie on their lines and take no room themselves: the longest says how much they need.
  const room = Math.max(...marks.map((mark) => markText(mark).length));
  return (
    <div className={styles.plot} aria-hidden>
      <div className={styles.high} style={{ height, width: `${room}ch` }}>
        {marks.map((mark) => (
          <span key={mark} style={{ bottom: `${(mark / top) * 100}%` }}>
            {markText(mark)}
          </span>
        ))}
      </div>
      <div
        className={styles.field}
        style={{ height }}
        onPointerMove={find}
        onPointerLeave={() => {
          setPlace(null);
        }}
      >
        {marks.map((mark) => (
          <span key={mark} className={styles.line} style={{ bottom: `${(mark / top) * 100}%` }} />
        ))}
        {place === null ? null : (
          <span
            className={styles.at}
            style={{ left: `${(place / count) * 100}%`, width: `${100 / count}%` }}
          />
        )}
        <svg viewBox={`0 0 ${count} 100`} preserveAspectRatio="none">
          {children}
        </svg>
        {place === null || step === undefined ? null : (
          <div
            className={styles.told}
            data-side={place > count / 2 ? "left" : "right"}
            style={{ left: middle(place) }}
          >
            <p>{step.name}</p>
            {told(place).map(({ name, tone, text }) => (
              <p key={name} data-tone={tone}>
                <span>{name}</span>
                <span>{text}</span>
              </p>
            ))}
          </div>
        )}
      </div>
      <div className={styles.wide}>
        {spread(count, MOST_MARKS).map((at) => (
          <span key={at} style={{ left: middle(at) }}>
            {steps[at]?.mark}
          </span>
        ))}
      </div>
    </div>
  );
}
