// What every lane said to every prompt, as one table; where they differ; taken away as a file.
import { Segments } from "@/components/Segments.tsx";
import { Button } from "@mantine/core";
import { useState } from "react";

import { Panel } from "@/components/Panel.tsx";
import { Scrolled } from "@/components/Scrolled.tsx";
import { t as trialWords } from "@/components/trial/messages.en.ts";
import { saveFile } from "@/lib/saveFile.ts";
import { isOver } from "@/lib/trial.ts";
import { rate } from "@/lib/units.ts";

import styles from "./CompareScreen.module.css";
import { t } from "./messages.en.ts";
import type { LaneRun } from "./runLanes.ts";
import { asCsv, asJson, isDifferent, type Row } from "./sets.ts";
import { Words } from "./Words.tsx";

const WHICH = ["all", "different"] as const;

interface Props {
  readonly said: readonly string[];
  readonly rows: readonly Row[];
  readonly seed: number;
}

export function Results({ said, rows, seed }: Props) {
  const [which, setWhich] = useState<(typeof WHICH)[number]>("all");
  const shown = rows.filter((row) => which === "all" || isDifferent(row));
  return (
    <Panel
      title={t.results}
      aside={
        <span className={styles.aside}>
          <Segments
            label={t.which}
            data={WHICH.map((value) => ({ value, label: t.rows[value] }))}
            value={which}
            onChange={setWhich}
          />
          <Button
            variant="default"
            onClick={() => {
              saveFile(`${t.fileName}.csv`, asCsv(said, rows), "text/csv");
            }}
          >
            {t.exportCsv}
          </Button>
          <Button
            variant="default"
            onClick={() => {
              saveFile(`${t.fileName}.json`, asJson(said, rows, seed), "application/json");
            }}
          >
            {t.exportJson}
          </Button>
        </span>
      }
    >
      {shown.length === 0 ? (
        <p className={styles.lead}>{t.noneDiffers}</p>
      ) : (
        <Scrolled className={styles.scroll} label={t.results}>
          <table className={styles.results}>
            <thead>
              <tr>
                <th scope="col">{t.prompt}</th>
                {said.map((one, at) => (
                  <th key={at} scope="col">
                    {one}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row, place) => (
                <tr key={place} data-differs={isDifferent(row)}>
                  <th scope="row">{row.prompt}</th>
                  {row.runs.map((run, at) => (
                    <td key={at}>
                      <Cell run={run} first={at === 0 ? null : (row.runs[0] ?? null)} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      )}
    </Panel>
  );
}

function Cell({ run, first }: { readonly run: LaneRun; readonly first: LaneRun | null }) {
  const { trial, problem } = run;
  const { timings } = trial;
  const speed = timings?.tokens_per_second ?? null;
  const isCompared = first !== null && isOver(trial) && isOver(first.trial);
  return (
    <>
      <div className={styles.output}>
        {isCompared ? <Words before={first.trial.text} after={trial.text} /> : <p>{trial.text}</p>}
      </div>
      {problem === null ? null : <p className={styles.failed}>{problem.message}</p>}
      <p className={styles.lead}>
        {timings === null
          ? trialWords.phases[trial.phase]
          : t.figures(speed === null ? null : rate(speed), timings.completion_tokens)}
      </p>
    </>
  );
}
