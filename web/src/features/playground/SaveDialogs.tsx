// Saving what was tried: as a new alias, or over the one that it was tried on.
import { Button, Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";

import { cloneAlias, editAlias } from "@/api/aliases.ts";
import { asProblem, type Problem } from "@/api/problem.ts";
import type { Change } from "@/api/types.ts";
import { ChangeTable } from "@/components/alias/ChangeTable.tsx";
import { t as aliasWords } from "@/components/alias/messages.en.ts";
import { NameDialog } from "@/components/alias/NameDialog.tsx";
import { attempt } from "@/components/alias/useAliasActions.ts";
import { editsBetween, settingsOf } from "@/components/params/edits.ts";
import { ProblemCard } from "@/components/Problems.tsx";
import { toast } from "@/components/toast.ts";
import { useFocusBack } from "@/components/useFocusBack.ts";
import { t as words } from "@/messages.en.ts";

import styles from "./ConfigPane.module.css";
import { t } from "./messages.en.ts";
import type { Config } from "./useConfig.ts";

interface Props {
  readonly config: Config;
  readonly onSaved: (name: string) => void;
  readonly onClose: () => void;
}

export default function SaveDialogs(props: Props & { readonly asking: "new" | "update" }) {
  return props.asking === "new" ? <SaveAsNew {...props} /> : <Update {...props} />;
}

function SaveAsNew({ config, onSaved, onClose }: Props) {
  const queries = useQueryClient();
  const { alias, all, store } = config;
  const suggestion = alias.source === "model" ? "" : aliasWords.copyOf(alias.name);
  return (
    <NameDialog
      title={t.saveTitle(alias.name)}
      hint={t.saveHint}
      suggestion={suggestion}
      verb={t.saveAsNew}
      onName={async (name) => {
        const made = await cloneAlias(alias.id, name, all);
        // What was tried is the new one's; the old one is as it was.
        store.resetToSaved();
        await queries.invalidateQueries({ queryKey: ["aliases"] });
        toast(t.saved(made.name));
        onSaved(made.name);
      }}
      onClose={onClose}
    />
  );
}

function Update({ config, onClose }: Props) {
  const queries = useQueryClient();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  useFocusBack();
  const { alias, all, settings, params } = config;
  const saved = settingsOf(alias.set);
  const back = editsBetween(settings, saved, params);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const fresh = await editAlias(alias, all);
      await queries.invalidateQueries({ queryKey: ["aliases"] });
      const undo = () =>
        attempt(async () => {
          await editAlias(fresh, back);
          await queries.invalidateQueries({ queryKey: ["aliases"] });
        });
      toast(t.updated(alias.name), { label: t.undoGone, run: () => void undo() });
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.updateTitle(alias.name)}
      size={560}
      closeButtonProps={{ "aria-label": words.close }}
    >
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <p>{t.updateLead}</p>
        <ChangeTable changes={changesOf(all, back)} heads={[t.before, t.after]} />
        {problem === null ? null : (
          <ProblemCard message={problem.message} remedy={problem.remedy} />
        )}
        <div>
          <Button variant="default" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button type="submit" loading={busy} data-autofocus>
            {t.update}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Each edit beside what undoes it. */
function changesOf(there: Config["all"], back: Config["all"]): readonly Change[] {
  const before = new Map(back.map(({ path, value }) => [path.join("/"), value]));
  return there.map(({ path, value }) => ({
    path,
    before: before.get(path.join("/")) ?? null,
    after: value,
  }));
}
