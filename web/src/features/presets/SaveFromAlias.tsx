// What an alias sets, kept as a preset of one's own.
import { Button, Modal, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";

import { asProblem, inOneLine } from "@/api/problem.ts";
import { aliasesQuery, aliasQuery } from "@/api/queries.ts";
import type { Parameter } from "@/api/types.ts";
import { GrowingText } from "@/components/GrowingText.tsx";
import { sectionsOf, settingsOf } from "@/components/params/edits.ts";
import { toast } from "@/components/toast.ts";
import { useFocusBack } from "@/components/useFocusBack.ts";
import { t as words } from "@/messages.en.ts";

import styles from "./Dialogs.module.css";
import { t } from "./messages.en.ts";
import { presetNameOf } from "./fileName.ts";
import { savePreset } from "./store.ts";
import { usePresetActions } from "./usePresetActions.ts";

interface Props {
  readonly params: readonly Parameter[];
  /** Names that are one's own already: saving would put this in their place. */
  readonly taken: ReadonlySet<string>;
  readonly onClose: () => void;
}

export function SaveFromAlias({ params, taken, onClose }: Props) {
  const rows = useQuery(aliasesQuery).data?.aliases ?? [];
  const [id, setId] = useState<string | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [title, setTitle] = useState("");
  const [about, setAbout] = useState("");
  const [error, setError] = useState<string | null>(null);
  const alias = useQuery({ ...aliasQuery(id ?? ""), enabled: id !== null }).data;
  const { refresh } = usePresetActions();
  useFocusBack();
  const name = typed ?? (alias === undefined ? "" : presetNameOf(alias.name));
  const isEmpty = alias?.set.length === 0;
  const isTaken = taken.has(name);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (alias === undefined) return;
    try {
      const sections = sectionsOf(settingsOf(alias.set), params);
      const saved = await savePreset(name, { title, about, ...sections });
      await refresh();
      toast(t.saved(saved.title));
      onClose();
    } catch (thrown) {
      setError(inOneLine(asProblem(thrown)));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.fromAlias}
      size={480}
      closeButtonProps={{ "aria-label": words.close }}
    >
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <p className={styles.hint}>{t.fromAliasHint}</p>
        <Select
          label={t.alias}
          placeholder={t.chooseAlias}
          searchable
          data-autofocus
          data={rows
            .filter((row) => row.source === "user")
            .map((row) => ({ value: row.id, label: row.name }))}
          value={id}
          error={isEmpty ? t.setsNothing : null}
          onChange={setId}
        />
        <TextInput
          label={t.name}
          description={t.nameHint}
          error={error ?? (isTaken ? t.isTaken : null)}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={name}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setError(null);
          }}
        />
        <TextInput
          label={t.titleField}
          description={t.titleHint}
          value={title}
          onChange={(event) => {
            setTitle(event.currentTarget.value);
          }}
        />
        <GrowingText
          label={t.about}
          description={t.aboutHint}
          least={2}
          value={about}
          onChange={(event) => {
            setAbout(event.currentTarget.value);
          }}
        />
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button type="submit" disabled={(alias?.set.length ?? 0) === 0 || isTaken || name === ""}>
            {t.save}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
