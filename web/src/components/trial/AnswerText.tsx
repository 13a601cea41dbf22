// The text of an answer: what was thought, folded once the answer begins, and the answer as Markdown.
import { lazy, Suspense } from "react";

import styles from "./AnswerText.module.css";
import { t } from "./messages.en.ts";

const Markdown = lazy(() => import("@/components/markdown/Markdown.tsx"));

interface Props {
  readonly text: string;
  readonly thought: string;
  readonly isRunning: boolean;
}

export function AnswerText({ text, thought, isRunning }: Props) {
  return (
    <>
      {thought === "" ? null : (
        <details className={styles.thought} open={text === ""}>
          <summary>{t.thoughts}</summary>
          <p>{thought}</p>
        </details>
      )}
      {text === "" ? null : (
        <div className={styles.text} data-running={isRunning}>
          <Suspense fallback={<p className={styles.plain}>{text}</p>}>
            <Markdown text={text} />
          </Suspense>
        </div>
      )}
    </>
  );
}
