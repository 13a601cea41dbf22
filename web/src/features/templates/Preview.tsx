// What a text makes of three conversations, as one types; where it fails, the place.
import { Segments } from "@/components/Segments.tsx";
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { asProblem, type Problem } from "@/api/problem.ts";
import { ProblemCard } from "@/components/Problems.tsx";
import { PromptText } from "@/components/PromptText.tsx";

import { t } from "./messages.en.ts";
import styles from "./Preview.module.css";
import { SAMPLE_NAMES, type SampleName } from "./samples.ts";
import { renderedQuery, type Rendered } from "./store.ts";

const SETTLED_MS = 200;

interface Props {
  readonly text: string;
  /** Whose tokens the prompt has; null for none in particular. */
  readonly name: string | null;
  readonly onGoTo: ((line: number, column: number | null) => void) | null;
}

/** The problem of the text as it stands, and the drawn preview. */
export function usePreview({ text, name, onGoTo }: Props): {
  readonly problem: Problem | null;
  readonly preview: ReactNode;
} {
  const [sample, setSample] = useState<SampleName>("plain");
  const [settled] = useDebouncedValue(text, SETTLED_MS);
  const { data, error } = useQuery({
    ...renderedQuery(settled, sample, name),
    placeholderData: (before) => before,
    enabled: settled !== "",
  });
  const problem = error === null || settled === "" ? null : asProblem(error);
  const preview = (
    <section className={styles.preview} aria-label={t.rendered}>
      <h3>{t.rendered}</h3>
      <Segments
        className={styles.samples}
        label={t.sampleLabel}
        data={SAMPLE_NAMES.map((value) => ({ value, label: t.samples[value] }))}
        value={sample}
        onChange={setSample}
      />
      {problem === null ? null : <Failure problem={problem} text={settled} onGoTo={onGoTo} />}
      {problem !== null || data === undefined || settled === "" ? null : <Prompt rendered={data} />}
    </section>
  );
  return { problem, preview };
}

interface FailureProps {
  readonly problem: Problem;
  readonly text: string;
  readonly onGoTo: Props["onGoTo"];
}

function Failure({ problem, text, onGoTo }: FailureProps) {
  const { line, column } = problem;
  const wrong = line === null ? undefined : text.split("\n")[line - 1];
  return (
    <ProblemCard title={t.fails} message={problem.message} remedy={problem.remedy}>
      {line === null ? null : (
        <div className={styles.place}>
          <span>{t.at(line, column)}</span>
          {onGoTo === null ? null : (
            <Button
              variant="default"
              onClick={() => {
                onGoTo(line, column);
              }}
            >
              {t.goThere}
            </Button>
          )}
        </div>
      )}
      {wrong === undefined ? null : <WrongLine text={wrong} column={column} />}
    </ProblemCard>
  );
}

/** The line with its wrong character marked, as a compiler would show it. */
function WrongLine({ text, column }: { readonly text: string; readonly column: number | null }) {
  const at = column === null ? text.length : column - 1;
  return (
    <code className={styles.wrong}>
      {text.slice(0, at)}
      {column === null ? null : <mark>{text.slice(at, at + 1) || " "}</mark>}
      {text.slice(at + 1)}
    </code>
  );
}

function Prompt({ rendered }: { readonly rendered: Rendered }) {
  return (
    <>
      <p className={styles.note}>{t.marks(rendered.special.length)}</p>
      <PromptText label={t.prompt} prompt={rendered.prompt} special={rendered.special} />
    </>
  );
}
