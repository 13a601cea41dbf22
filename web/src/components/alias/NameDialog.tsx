// Asks for a name: of a clone, of a first alias of a model, or of an alias that gets another one.
import { Button, Modal, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";

import { asProblem, inOneLine } from "@/api/problem.ts";
import { useFocusBack } from "@/components/useFocusBack.ts";

import { t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import styles from "./NameDialog.module.css";

interface Props {
  readonly title: string;
  readonly hint: string;
  readonly suggestion: string;
  readonly verb: string;
  /** What it raises is shown under the field, and the dialog stays. */
  readonly onName: (name: string) => Promise<void>;
  readonly onClose: () => void;
}

export function NameDialog({ title, hint, suggestion, verb, onName, onClose }: Props) {
  const [name, setName] = useState(suggestion);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useFocusBack();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onName(name.trim());
      onClose();
    } catch (thrown) {
      setError(inOneLine(asProblem(thrown)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={440}
      closeButtonProps={{ "aria-label": words.close }}
    >
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextInput
          size="sm"
          label={t.newName}
          description={hint}
          error={error}
          data-autofocus
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setError(null);
          }}
          onFocus={(event) => {
            event.currentTarget.select();
          }}
        />
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button type="submit" loading={busy} disabled={name.trim() === ""}>
            {verb}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
