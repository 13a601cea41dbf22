// What an answer cost: the engine's own figures, and where the time went.
import { PHASES, type TrialState, type TrialTimings } from "@/lib/trial.ts";
import { bytes, duration, rate } from "@/lib/units.ts";

import { t } from "./messages.en.ts";
import styles from "./Figures.module.css";

export function Figures({ trial }: { readonly trial: TrialState }) {
  const { timings, memoryBytes, finish, servedBy } = trial;
  if (timings === null) return null;
  const facts: readonly (readonly [string, string | null])[] = [
    [t.first, timings.first_token_ms === null ? null : duration(timings.first_token_ms)],
    [t.speed, speedOf(timings)],
    [t.answer, tokens(timings.completion_tokens)],
    [t.prompt, tokens(timings.prompt_tokens)],
    [t.total, duration(timings.duration_ms)],
    [t.memory, memoryBytes === null ? null : bytes(memoryBytes)],
    [t.finish, finish === null ? null : (t.finishes[finish] ?? finish)],
    [t.servedBy, servedBy],
  ];
  return (
    <dl className={styles.facts} aria-label={t.figures}>
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function speedOf({ tokens_per_second }: TrialTimings): string | null {
  return tokens_per_second === null ? null : t.perSecond(rate(tokens_per_second));
}

function tokens(count: number | null): string | null {
  return count === null ? null : t.tokens(count);
}

interface TimelineProps {
  readonly timings: TrialTimings;
  /** The length of the whole bar in milliseconds, where several are compared. */
  readonly of?: number;
}

/** The phases as parts of one bar, and in words. */
export function Timeline({ timings, of = timings.duration_ms }: TimelineProps) {
  const phases = PHASES.filter((one) => (timings.phases[one] ?? 0) > 0);
  return (
    <div className={styles.timeline}>
      <div className={styles.bar} aria-hidden>
        {phases.map((one) => (
          <span
            key={one}
            data-phase={one}
            style={{ width: `${(100 * (timings.phases[one] ?? 0)) / Math.max(of, 1)}%` }}
          />
        ))}
      </div>
      <ul className={styles.legend} aria-label={t.timeline}>
        {phases.map((one) => (
          <li key={one} data-phase={one}>
            <span>{t.short[one]}</span>
            <span>{duration(timings.phases[one] ?? 0)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
