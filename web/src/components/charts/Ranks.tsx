// What there is most of: one bar a thing, longest first, each beside its name and number.
import type { ReactNode } from "react";

import styles from "./Ranks.module.css";
import type { Tone } from "./tones.ts";

export interface Rank {
  readonly key: string;
  readonly label: ReactNode;
  readonly parts: readonly { readonly tone: Tone; readonly value: number }[];
  readonly text: string;
}

interface Props {
  readonly ranks: readonly Rank[];
  /** What a full bar stands for; the longest one's where left out. */
  readonly whole?: number;
}

export function Ranks({ ranks, whole }: Props) {
  const sumOf = (rank: Rank) => rank.parts.reduce((sum, part) => sum + part.value, 0);
  const full = Math.max(1e-9, whole ?? Math.max(0, ...ranks.map(sumOf)));
  return (
    <ul className={styles.ranks}>
      {ranks.map((rank) => (
        <li key={rank.key}>
          <span className={styles.label}>{rank.label}</span>
          <svg className={styles.track} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden>
            <rect className={styles.rest} width={100} height={1} />
            {rank.parts.map(({ tone, value }, place) => {
              const before = rank.parts.slice(0, place).reduce((sum, one) => sum + one.value, 0);
              return (
                <rect
                  key={tone}
                  className={styles.part}
                  data-tone={tone}
                  x={(before / full) * 100}
                  width={(value / full) * 100}
                  height={1}
                />
              );
            })}
          </svg>
          <span className={styles.text}>{rank.text}</span>
        </li>
      ))}
    </ul>
  );
}
