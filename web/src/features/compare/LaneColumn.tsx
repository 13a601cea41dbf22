// One lane: its answer or its error, its figures, its vote, and the way into a draft.
import { Button } from "@mantine/core";
import { IconCheck, IconThumbUp } from "@tabler/icons-react";

import { Notice } from "@/components/Problems.tsx";
import { AnswerText } from "@/components/trial/AnswerText.tsx";
import { Failure } from "@/components/trial/Failure.tsx";
import { Figures, Timeline } from "@/components/trial/Figures.tsx";
import { InForce } from "@/components/trial/InForce.tsx";
import { t as trialWords } from "@/components/trial/messages.en.ts";
import { PhaseMark } from "@/components/trial/Phase.tsx";
import { isOver } from "@/lib/trial.ts";

import styles from "./CompareScreen.module.css";
import { letterAt, LETTERS } from "./lanes.ts";
import { t } from "./messages.en.ts";
import type { LaneRun } from "./runLanes.ts";
import { ToDraft } from "./ToDraft.tsx";
import { Words } from "./Words.tsx";

interface Props {
  readonly place: number;
  readonly said: string;
  readonly run: LaneRun | null;
  /** The text whose words this one is held against. */
  readonly against: string | null;
  readonly longestMs: number;
  readonly isBest: boolean;
  readonly onVote: () => void;
}

export function LaneColumn({ place, said, run, against, longestMs, isBest, onVote }: Props) {
  const letter = letterAt(place);
  const trial = run?.trial ?? null;
  const isEnded = trial === null || isOver(trial);
  return (
    <section
      className={styles.lane}
      aria-label={t.laneOf(letter, said)}
      aria-busy={!isEnded}
      data-lane={LETTERS[place]}
      data-best={isBest}
    >
      <header className={styles.laneHead}>
        <span className={styles.letter} aria-hidden>
          {letter}
        </span>
        <h2>{said}</h2>
        {trial === null ? null : <PhaseMark trial={trial} />}
      </header>
      <div className={styles.laneBody}>
        {trial === null ? <p className={styles.lead}>{t.waiting}</p> : null}
        {trial === null ? null : against !== null && isEnded ? (
          <Words before={against} after={trial.text} />
        ) : (
          <AnswerText text={trial.text} thought={trial.thought} isRunning={!isEnded} />
        )}
        {trial?.phase === "stopped" && trial.pieces > 0 ? (
          <Notice text={trialWords.stoppedAfter(trial.pieces)} />
        ) : null}
        {run?.problem == null ? null : (
          <>
            {run.trial.pieces > 0 ? <Notice text={trialWords.cutAfter(run.trial.pieces)} /> : null}
            <Failure problem={run.problem} engineLines={run.trial.engineLines} />
          </>
        )}
      </div>
      {trial === null || !isEnded ? null : (
        <footer className={styles.laneFoot}>
          {trial.timings === null ? null : <Timeline timings={trial.timings} of={longestMs} />}
          <Figures trial={trial} />
          <InForce trial={trial} />
          <div className={styles.verdict}>
            <Button
              variant="default"
              aria-pressed={isBest}
              aria-label={isBest ? `${t.voted}: ${letter}` : t.voteFor(letter)}
              leftSection={isBest ? <IconCheck size={15} /> : <IconThumbUp size={15} />}
              onClick={onVote}
            >
              {isBest ? t.voted : t.vote}
            </Button>
            <ToDraft said={said} />
          </div>
        </footer>
      )}
    </section>
  );
}
