// What a trial is busy with, and how far a load has come.
import { Loader } from "@mantine/core";

import { isOver, type TrialState } from "@/lib/trial.ts";

import { t } from "./messages.en.ts";
import styles from "./Figures.module.css";

export function PhaseMark({ trial }: { readonly trial: TrialState }) {
  const { phase, percent } = trial;
  return (
    <span className={styles.phase} data-phase={phase}>
      {isOver(trial) ? null : <Loader size={12} />}
      {t.phases[phase]}
      {phase !== "loading" || percent === null ? null : <span>{t.percent(percent)}</span>}
    </span>
  );
}
