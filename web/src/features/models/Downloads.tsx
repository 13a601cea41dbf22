// Downloads that were asked for: progress, cancel, resume, and why one failed.
import { Button, Progress, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";

import { cancelJob, jobsQuery, resumeJob, startDownload } from "@/api/models.ts";
import { asProblem, inOneLine } from "@/api/problem.ts";
import type { Job } from "@/api/types.ts";
import { attempt } from "@/components/alias/useAliasActions.ts";
import { Panel } from "@/components/Panel.tsx";
import { bytes } from "@/lib/units.ts";
import { t as words } from "@/messages.en.ts";

import styles from "./Downloads.module.css";
import { t } from "./messages.en.ts";

const MOST = 6;

export function Downloads() {
  const { data } = useQuery(jobsQuery);
  const jobs = (data ?? []).filter((job) => job.kind === "download").slice(0, MOST);
  return (
    <Panel title={t.downloads}>
      <div className={styles.downloads}>
        <Form />
        {data !== undefined && jobs.length === 0 ? (
          <p className={styles.none}>{t.downloadsNone}</p>
        ) : null}
        <ul className={styles.jobs}>
          {jobs.map((job) => (
            <OneJob key={job.id} job={job} />
          ))}
        </ul>
      </div>
    </Panel>
  );
}

function Form() {
  const queries = useQueryClient();
  const [model, setModel] = useState("");
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      await startDownload(model.trim());
      setModel("");
      await queries.invalidateQueries({ queryKey: ["jobs"] });
    } catch (thrown) {
      setError(inOneLine(asProblem(thrown)));
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <TextInput
        size="xs"
        className={styles.field ?? ""}
        aria-label={t.downloadLabel}
        placeholder={t.downloadHint}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        error={error}
        value={model}
        onChange={(event) => {
          setModel(event.currentTarget.value);
          setError(null);
        }}
      />
      <Button type="submit" variant="default" disabled={model.trim() === ""}>
        {t.download}
      </Button>
    </form>
  );
}

function OneJob({ job }: { readonly job: Job }) {
  const queries = useQueryClient();
  const run = (act: (id: string) => Promise<Job>) => () =>
    void attempt(async () => {
      await act(job.id);
      await queries.invalidateQueries({ queryKey: ["jobs"] });
    });
  const share = job.total === null || job.total === 0 ? null : (job.done / job.total) * 100;
  return (
    <li className={styles.job}>
      <div className={styles.line}>
        <span className={styles.title}>{job.title}</span>
        {job.can_cancel ? (
          <Button variant="default" onClick={run(cancelJob)}>
            {t.cancel}
          </Button>
        ) : null}
        {job.can_resume ? (
          <Button variant="default" onClick={run(resumeJob)}>
            {t.resume}
          </Button>
        ) : null}
      </div>
      {job.can_cancel ? (
        <Progress
          size="sm"
          aria-label={t.progressOf(job.title)}
          value={share ?? (job.state === "running" ? 100 : 0)}
          animated={share === null && job.state === "running"}
        />
      ) : null}
      <p className={styles.state} data-state={job.state}>
        {stateOf(job)}
      </p>
    </li>
  );
}

/** What it is at, how far it came, and what stopped it, with what helps. */
function stateOf({ state, done, total, error }: Job): string {
  const far = total === null ? [] : [t.progress(bytes(done), bytes(total))];
  const why = error === null ? [] : [inOneLine(error)];
  return [t.states[state], ...far, ...why].join(words.separator);
}
