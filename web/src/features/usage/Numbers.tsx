// The figures of the whole span, in one row.
import { duration, rate } from "@/lib/units.ts";

import { t } from "./messages.en.ts";
import styles from "./Numbers.module.css";
import type { Figures } from "./report.ts";

// Below this a share says more about chance than about what answered.
const ENOUGH = 20;

export function Numbers({ figures }: { readonly figures: Figures }) {
  const { requests, success, first_token_ms: first, tokens_per_s: speed } = figures;
  const ended = t.ended(figures.refused, figures.failed + figures.interrupted, figures.left);
  const tells = success !== null && requests >= ENOUGH;
  return (
    <section className={styles.numbers} aria-label={t.numbers}>
      <Number
        name={t.requests}
        value={t.count(requests)}
        note={ended === "" ? t.allFinished : ended}
      />
      <Number
        name={t.success}
        value={tells ? t.percent(success) : null}
        note={tells ? t.successMeans : t.notEnough}
      />
      <Number
        name={t.firstToken}
        value={first === null ? null : duration(first)}
        note={t.firstTokenMeans}
      />
      <Number
        name={t.speed}
        value={speed === null ? null : t.perSecond(rate(speed))}
        note={t.speedMeans}
      />
      <Number
        name={t.tokens}
        value={t.count(figures.completion_tokens)}
        note={t.tokensRead(figures.prompt_tokens, figures.cached_tokens)}
      />
    </section>
  );
}

interface NumberProps {
  readonly name: string;
  readonly value: string | null;
  readonly note: string;
}

function Number({ name, value, note }: NumberProps) {
  return (
    <dl className={styles.number}>
      <dt>{name}</dt>
      <dd className={styles.value}>{value ?? t.unknown}</dd>
      <dd className={styles.note} title={note}>
        {note}
      </dd>
    </dl>
  );
}
