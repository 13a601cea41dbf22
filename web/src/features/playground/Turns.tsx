// One question, one answer; both can be edited, and the last answer can be had again or continued.
import { ActionIcon, Button } from "@mantine/core";
import { IconPencil, IconPlayerTrackNext, IconRefresh } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo, useState } from "react";

import { GrowingText } from "@/components/GrowingText.tsx";
import { CopyButton } from "@/components/CopyButton.tsx";
import { Notice } from "@/components/Problems.tsx";
import { AnswerText } from "@/components/trial/AnswerText.tsx";
import { Failure } from "@/components/trial/Failure.tsx";
import { Figures, Timeline } from "@/components/trial/Figures.tsx";
import { InForce } from "@/components/trial/InForce.tsx";
import { t as trialWords } from "@/components/trial/messages.en.ts";
import { PhaseMark } from "@/components/trial/Phase.tsx";
import { isOver } from "@/lib/trial.ts";
import { t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import { type Answer, guiltyIn, type Question } from "./thread.ts";
import styles from "./Turns.module.css";

interface QuestionProps {
  readonly turn: Question;
  readonly canSend: boolean;
  readonly onEdit: (id: string, text: string) => void;
}

export const QuestionTurn = memo(
  function QuestionTurn({ turn, canSend, onEdit }: QuestionProps) {
    const [edits, setEdits] = useState(false);
    return (
      <section className={styles.question} aria-label={t.question}>
        {edits ? (
          <Editing
            text={turn.text}
            verb={t.send}
            canSave={canSend}
            onSave={(text) => {
              setEdits(false);
              onEdit(turn.id, text);
            }}
            onCancel={() => {
              setEdits(false);
            }}
          />
        ) : (
          <>
            <p className={styles.asked}>{turn.text}</p>
            <div className={styles.actions}>
              <EditButton
                onClick={() => {
                  setEdits(true);
                }}
              />
            </div>
          </>
        )}
      </section>
    );
  },
  (a, b) => a.turn === b.turn && a.canSend === b.canSend,
);

interface AnswerProps {
  readonly turn: Answer;
  /** The id of the user alias whose editor can be opened; null for a model's own. */
  readonly editor: string | null;
  readonly isLast: boolean;
  readonly canSend: boolean;
  readonly onRetry: () => void;
  readonly onGoOn: () => void;
  readonly onEdit: (id: string, text: string) => void;
}

/** Only the last one goes on, and needs what it is asked again with. */
export const AnswerTurn = memo(function AnswerTurn(props: AnswerProps) {
  const { turn, isLast, canSend, onRetry, onGoOn } = props;
  const { trial } = turn;
  const [edits, setEdits] = useState(false);
  const isEnded = isOver(trial);
  const isBroken = trial.phase === "stopped" || trial.phase === "failed";
  return (
    <section className={styles.answer} aria-label={t.answer} aria-busy={!isEnded}>
      <header className={styles.head}>
        <h2>{turn.alias}</h2>
        {turn.changes === 0 ? null : (
          <span className={styles.changes}>{t.changedValues(turn.changes)}</span>
        )}
        <PhaseMark trial={trial} />
      </header>
      <WhyItTakesLong turn={turn} />
      {edits ? (
        <Editing
          text={trial.text}
          verb={t.keep}
          canSave
          onSave={(text) => {
            setEdits(false);
            props.onEdit(turn.id, text);
          }}
          onCancel={() => {
            setEdits(false);
          }}
        />
      ) : (
        <AnswerText text={trial.text} thought={trial.thought} isRunning={!isEnded} />
      )}
      <Ending {...props} />
      {isEnded ? (
        <>
          <Figures trial={trial} />
          {trial.timings === null ? null : <Timeline timings={trial.timings} />}
          <InForce trial={trial} />
          <div className={styles.actions}>
            {trial.text === "" ? null : (
              <>
                <CopyButton text={trial.text} what={t.copyAnswer} />
                <EditButton
                  onClick={() => {
                    setEdits(true);
                  }}
                />
              </>
            )}
            {isLast && turn.problem === null ? (
              <Button
                size="compact-xs"
                variant="subtle"
                leftSection={<IconRefresh size={14} />}
                disabled={!canSend}
                onClick={onRetry}
              >
                {t.again}
              </Button>
            ) : null}
            {isLast && isBroken && trial.text !== "" ? (
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<IconPlayerTrackNext size={14} />}
                disabled={!canSend}
                onClick={onGoOn}
              >
                {t.goOn}
              </Button>
            ) : null}
          </div>
        </>
      ) : null}
    </section>
  );
}, isSameAnswer);

function isSameAnswer(a: AnswerProps, b: AnswerProps): boolean {
  const isSame = a.turn === b.turn && a.canSend === b.canSend && a.editor === b.editor;
  return isSame && !a.isLast && !b.isLast;
}

function WhyItTakesLong({ turn: { trial } }: { readonly turn: Answer }) {
  if (trial.phase !== "loading" && trial.phase !== "queued") return null;
  if (!trial.needsLoad) return null;
  return (
    <p className={styles.why}>
      {trial.loadKeyChanged ? trialWords.otherEngine : trialWords.willLoad}
    </p>
  );
}

function Ending({ turn, editor, isLast, canSend, onRetry }: AnswerProps) {
  const { trial, problem } = turn;
  if (trial.phase === "stopped" && trial.pieces > 0)
    return <Notice text={trialWords.stoppedAfter(trial.pieces)} />;
  if (trial.phase === "done" && trial.text === "" && trial.thought === "")
    return <Notice text={trialWords.noAnswer} />;
  if (problem === null) return null;
  const guilty = guiltyIn(problem);
  return (
    <>
      {trial.pieces > 0 ? <Notice text={trialWords.cutAfter(trial.pieces)} /> : null}
      <Failure problem={problem} engineLines={trial.engineLines}>
        <span className={styles.ways}>
          {isLast ? (
            <Button variant="default" disabled={!canSend} onClick={onRetry}>
              {words.retry}
            </Button>
          ) : null}
          {editor === null ? null : (
            <Button
              variant="default"
              component={Link}
              to="/aliases/$id/edit"
              // Mantine's Button does not know the route's own parameters.
              params={{ id: editor } as never}
              search={(guilty === null ? {} : { param: guilty }) as never}
            >
              {guilty === null ? t.openEditor : t.openEditorAt(guilty)}
            </Button>
          )}
        </span>
      </Failure>
    </>
  );
}

function EditButton({ onClick }: { readonly onClick: () => void }) {
  return (
    <ActionIcon size={24} aria-label={t.editText} title={t.editText} onClick={onClick}>
      <IconPencil size={14} />
    </ActionIcon>
  );
}

interface EditingProps {
  readonly text: string;
  readonly verb: string;
  readonly canSave: boolean;
  readonly onSave: (text: string) => void;
  readonly onCancel: () => void;
}

function Editing({ text, verb, canSave, onSave, onCancel }: EditingProps) {
  const [typed, setTyped] = useState(text);
  const isNothing = typed.trim() === "";
  return (
    <div className={styles.editing}>
      <GrowingText
        aria-label={t.editing}
        most={16}
        data-autofocus
        ref={(field) => {
          if (field !== null && document.activeElement === document.body) field.focus();
        }}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") onCancel();
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || isNothing) return;
          event.preventDefault();
          if (canSave) onSave(typed);
        }}
      />
      <div className={styles.actions}>
        <Button variant="default" onClick={onCancel}>
          {t.cancel}
        </Button>
        <Button
          disabled={!canSave || isNothing}
          onClick={() => {
            onSave(typed);
          }}
        >
          {verb}
        </Button>
      </div>
    </div>
  );
}
