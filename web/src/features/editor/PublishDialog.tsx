// What publishing would change, a note for the history, and the word to do it.
import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";

import { draftDifferenceQuery } from "@/api/drafts.ts";
import { asProblem, type Problem } from "@/api/problem.ts";
import { GrowingText } from "@/components/GrowingText.tsx";
import { ChangeTable, TextDifference } from "@/components/alias/ChangeTable.tsx";
import { Failed } from "@/components/Failed.tsx";
import { ProblemCard } from "@/components/Problems.tsx";

import { t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import styles from "./PublishDialog.module.css";

interface Props {
  readonly draft: { readonly id: string; readonly etag: string };
  readonly names: { readonly before: string; readonly after: string };
  /** What it raises is said here, and the dialog stays. */
  readonly onPublish: (note: string) => Promise<void>;
  readonly onClose: () => void;
}

export default function PublishDialog({ draft, names, onPublish, onClose }: Props) {
  const [note, setNote] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await onPublish(note);
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.publishTitle(names.before)}
      size={620}
      closeButtonProps={{ "aria-label": words.close }}
    >
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <p>{t.publishLead}</p>
        {names.before === names.after ? null : <p>{t.renames(names.before, names.after)}</p>}
        <Difference draft={draft} />
        <GrowingText
          label={t.note}
          description={t.noteHint}
          least={2}
          maxLength={2000}
          data-autofocus
          value={note}
          onChange={(event) => {
            setNote(event.currentTarget.value);
          }}
        />
        {problem === null ? null : (
          <ProblemCard message={problem.message} remedy={problem.remedy} />
        )}
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {t.publish}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

export function Difference({ draft }: Pick<Props, "draft">) {
  const { data, error, refetch } = useQuery(draftDifferenceQuery(draft));
  if (error !== null) return <Failed error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return null;
  return (
    <>
      <ChangeTable changes={data.changes} heads={[t.published, t.draft]} />
      <details className={styles.lines}>
        <summary>{t.showLines}</summary>
        <TextDifference text={data.text} />
      </details>
    </>
  );
}
