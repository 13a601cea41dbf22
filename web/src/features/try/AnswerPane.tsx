// The answer: what is happening, the text so far, the figures, or what went wrong.
import { Button, Loader } from "@mantine/core";
import type { ReactNode } from "react";

import { Notice, ProblemCard } from "@/components/Problems.tsx";
import { duration, rate } from "@/lib/units.ts";
import { t } from "@/messages.en.ts";

import styles from "./AnswerPane.module.css";
import { isOver, type Run } from "./useRun.ts";

interface Props {
  readonly run: Run | null;
  readonly onRetry: () => void;
}

export function AnswerPane({ run, onRetry }: Props) {
  return (
    <section className={styles.pane} aria-label={t.tryIt.answer} aria-busy={!isOver(run)}>
      <header className={styles.head}>
        <h2>{run?.alias ?? t.tryIt.answer}</h2>
        {run === null ? null : <PhaseMark run={run} />}
      </header>
      {run === null ? null : (
        <div className={styles.body}>
          {run.thought === "" ? null : (
            <details className={styles.thought} open={run.text === ""}>
              <summary>{t.tryIt.thoughts}</summary>
              <p>{run.thought}</p>
            </details>
          )}
          {run.text === "" ? null : (
            <p className={styles.text} data-running={!isOver(run)}>
              {run.text}
            </p>
          )}
          <Ending run={run} onRetry={onRetry} />
        </div>
      )}
      {run !== null && run.firstMs !== null ? <Figures run={run} /> : null}
    </section>
  );
}

function PhaseMark({ run }: { readonly run: Run }) {
  return (
    <span className={styles.phase} data-phase={run.phase}>
      {isOver(run) ? null : <Loader size={12} />}
      {t.tryIt.phases[run.phase]}
    </span>
  );
}

function Ending({ run, onRetry }: { readonly run: Run; readonly onRetry: () => void }) {
  const { phase, problem, pieces } = run;
  if (phase === "stopped" && pieces > 0) return <Notice text={t.tryIt.stoppedAfter(pieces)} />;
  if (phase === "done" && run.text === "") return <Notice text={t.tryIt.noAnswer} />;
  if (problem === null) return null;
  return (
    <>
      {pieces > 0 ? <Notice text={t.tryIt.cutOff(pieces)} /> : null}
      <ProblemCard title={t.tryIt.failed} message={problem.message} remedy={problem.remedy}>
        <Button variant="default" onClick={onRetry}>
          {t.retry}
        </Button>
      </ProblemCard>
    </>
  );
}

function Figures({ run }: { readonly run: Run }) {
  const { timings, finish } = run;
  const speed = timings?.tokensPerSecond ?? null;
  return (
    <footer className={styles.foot}>
      <dl>
        <Figure name={t.tryIt.firstToken}>
          {run.firstMs === null ? null : duration(run.firstMs)}
        </Figure>
        <Figure name={t.tryIt.speed}>
          {speed === null ? null : t.tryIt.perSecond(rate(speed))}
        </Figure>
        <Figure name={t.tryIt.answerTokens}>{tokens(timings?.answerTokens)}</Figure>
        <Figure name={t.tryIt.promptTokens}>{tokens(timings?.promptTokens)}</Figure>
        <Figure name={t.tryIt.total}>{run.totalMs === null ? null : duration(run.totalMs)}</Figure>
        <Figure name={t.tryIt.finish}>
          {finish === null ? null : (t.tryIt.finishes[finish] ?? finish)}
        </Figure>
        <Figure name={t.tryIt.servedBy}>{run.servedBy}</Figure>
      </dl>
      {run.changed === null ? null : <p>{t.tryIt.changed(run.changed)}</p>}
      {run.dropped === null ? null : <p>{t.tryIt.dropped(run.dropped)}</p>}
    </footer>
  );
}

function tokens(count: number | null | undefined): string | null {
  return count === null || count === undefined ? null : t.tryIt.tokens(count);
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return children === null ? null : (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
