// Why an answer failed, what the engine said last, and what can be done.
import type { ReactNode } from "react";

import { ProblemCard } from "@/components/Problems.tsx";

import { t } from "./messages.en.ts";
import styles from "./Figures.module.css";

interface Props {
  readonly problem: { readonly message: string; readonly remedy: string | null };
  readonly engineLines: readonly string[];
  readonly children?: ReactNode;
}

export function Failure({ problem, engineLines, children }: Props) {
  return (
    <ProblemCard title={t.failed} message={problem.message} remedy={problem.remedy}>
      {children}
      {engineLines.length === 0 ? null : (
        <>
          <p className={styles.lead}>{t.engineLines}</p>
          <pre className={styles.lines}>{engineLines.join("\n")}</pre>
        </>
      )}
    </ProblemCard>
  );
}
