// Asks the draft something: its phases, its answer, its figures. Nothing of it is saved.
import { Button } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { memo, useState } from "react";

import { GrowingText } from "@/components/GrowingText.tsx";
import { ProblemCard } from "@/components/Problems.tsx";
import { isOver, PHASES } from "@/lib/trial.ts";
import { bytes, duration, rate } from "@/lib/units.ts";

import styles from "./Dock.module.css";
import { t } from "./messages.en.ts";
import { type Trial, useTrial } from "./useTrial.ts";

const SAMPLES = ["fact", "code", "story"] as const;

interface Props {
  /** The file to be tried, as the server has it; null while it has none. */
  readonly textOf: () => Promise<string | null>;
  readonly disabled: boolean;
}

export const TestPane = memo(function TestPane({ textOf, disabled }: Props) {
  const [prompt, setPrompt] = useState<string>(t.samplePrompts.fact);
  const [isLate, setLate] = useState(false);
  const { trial, start, stop } = useTrial();
  const isRunning = trial !== null && !isOver(trial);
  const run = async () => {
    const text = await textOf();
    setLate(text === null);
    if (text !== null) await start(text, prompt);
  };
  return (
    <div className={styles.pane}>
      <p className={styles.lead}>{t.testLead}</p>
      <div className={styles.samples} role="group" aria-label={t.samples}>
        {SAMPLES.map((one) => (
          <Button
            key={one}
            size="compact-xs"
            variant="default"
            aria-pressed={prompt === t.samplePrompts[one]}
            onClick={() => {
              setPrompt(t.samplePrompts[one]);
            }}
          >
            {t.sampleTitles[one]}
          </Button>
        ))}
      </div>
      <GrowingText
        aria-label={t.prompt}
        least={2}
        most={8}
        value={prompt}
        onChange={(event) => {
          setPrompt(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          void run();
        }}
      />
      {isRunning ? (
        <Button variant="default" leftSection={<IconPlayerStop size={15} />} onClick={stop}>
          {t.stop}
        </Button>
      ) : (
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={15} />}
          disabled={prompt.trim() === "" || disabled}
          onClick={() => void run()}
        >
          {t.run}
        </Button>
      )}
      {isLate ? <p className={styles.lead}>{t.notSaved}</p> : null}
      {trial === null ? null : <Outcome trial={trial} />}
    </div>
  );
});

function Outcome({ trial }: { readonly trial: Trial }) {
  const { phase, percent, text, thought, problem, engineLines } = trial;
  return (
    <>
      <p className={styles.phase} data-phase={phase}>
        {t.phases[phase]}
        {percent === null || isOver(trial) ? null : <span>{t.percent(percent)}</span>}
      </p>
      {trial.loadKeyChanged ? (
        <p className={styles.lead}>{t.otherEngine}</p>
      ) : trial.needsLoad ? (
        <p className={styles.lead}>{t.willLoad}</p>
      ) : null}
      {thought === "" ? null : (
        <details className={styles.thought}>
          <summary>{t.thought}</summary>
          <p>{thought}</p>
        </details>
      )}
      {text === "" ? null : (
        // It scrolls, so the keyboard has to reach it.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <section aria-label={t.answer} className={styles.answer} tabIndex={0}>
          {text}
        </section>
      )}
      {problem === null ? null : <ProblemCard message={problem.message} remedy={problem.remedy} />}
      {engineLines.length === 0 ? null : (
        <section aria-label={t.engineLines}>
          <p className={styles.lead}>{t.engineLines}</p>
          <pre className={styles.log}>{engineLines.join("\n")}</pre>
        </section>
      )}
      {isOver(trial) ? <Figures trial={trial} /> : null}
    </>
  );
}

function Figures({ trial }: { readonly trial: Trial }) {
  const { timings, memoryBytes, finish } = trial;
  if (timings === null) return null;
  const facts: readonly (readonly [string, string | null])[] = [
    [t.first, timings.first_token_ms === null ? null : duration(timings.first_token_ms)],
    [t.speed, timings.tokens_per_second === null ? null : rate(timings.tokens_per_second)],
    [t.tokens, t.tokensOf(timings.prompt_tokens, timings.completion_tokens)],
    [t.total, duration(timings.duration_ms)],
    [t.memory, memoryBytes === null ? null : bytes(memoryBytes)],
    [t.finish, finish],
  ];
  const phases = PHASES.filter((one) => timings.phases[one] !== undefined);
  return (
    <section aria-label={t.figures}>
      <dl className={styles.facts}>
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      <ul className={styles.phases} aria-label={t.timeline}>
        {phases.map((one) => (
          <li key={one}>
            <span>{t.phases[one]}</span>
            <span>{duration(timings.phases[one] ?? 0)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
