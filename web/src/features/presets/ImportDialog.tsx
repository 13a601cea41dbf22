// Presets from files: each is looked at first, and said what it is; then the good ones are taken.
import { Button, Checkbox, FileButton, Modal } from "@mantine/core";
import { useState } from "react";

import { asProblem, inOneLine } from "@/api/problem.ts";
import { toast, toastFailure } from "@/components/toast.ts";
import { useFocusBack } from "@/components/useFocusBack.ts";
import { t as words } from "@/messages.en.ts";

import styles from "./Dialogs.module.css";
import { t } from "./messages.en.ts";
import { looked, type Looked } from "./looked.ts";
import { importPreset } from "./store.ts";
import { usePresetActions } from "./usePresetActions.ts";

export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const [found, setFound] = useState<readonly Looked[] | null>(null);
  const [replaced, setReplaced] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const { refresh } = usePresetActions();
  useFocusBack();
  const good = (found ?? []).filter(
    (one) => one.problem === null && (!one.isThere || replaced.has(one.file)),
  );
  const read = async (files: readonly File[]) => {
    if (files.length === 0) return;
    setBusy(true);
    setReplaced(new Set());
    setFound(await Promise.all(files.map(looked)));
    setBusy(false);
  };
  const take = async () => {
    setBusy(true);
    let taken = 0;
    for (const { name, text, isThere } of good) {
      try {
        await importPreset({ name, source_text: text, replace: isThere });
        taken += 1;
      } catch (thrown) {
        toastFailure(`${name}: ${inOneLine(asProblem(thrown))}`);
      }
    }
    await refresh();
    if (taken > 0) toast(t.imported(taken));
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.importTitle}
      size={640}
      closeButtonProps={{ "aria-label": words.close }}
    >
      <div className={styles.form}>
        <p className={styles.hint}>{t.importHint}</p>
        <FileButton multiple accept=".yaml,.yml" onChange={(files) => void read(files)}>
          {(props) => (
            <Button variant="default" className={styles.choose ?? ""} data-autofocus {...props}>
              {t.chooseFiles}
            </Button>
          )}
        </FileButton>
        {found === null ? null : (
          <Report
            found={found}
            replaced={replaced}
            onReplace={(file, isChosen) => {
              setReplaced((before) => {
                const next = new Set(before);
                if (isChosen) next.add(file);
                else next.delete(file);
                return next;
              });
            }}
          />
        )}
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button disabled={good.length === 0 || busy} onClick={() => void take()}>
            {t.importThem(good.length)}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

interface ReportProps {
  readonly found: readonly Looked[];
  readonly replaced: ReadonlySet<string>;
  readonly onReplace: (file: string, isChosen: boolean) => void;
}

function Report({ found, replaced, onReplace }: ReportProps) {
  return (
    <table className={styles.report} aria-label={t.filesChosen}>
      <thead>
        <tr>
          <th scope="col">{t.file}</th>
          <th scope="col">{t.becomes}</th>
          <th scope="col">{t.verdict}</th>
        </tr>
      </thead>
      <tbody>
        {found.map(({ file, name, problem, isThere, values }) => (
          <tr key={file}>
            <th scope="row">{file}</th>
            <td>
              <code>{name}</code>
            </td>
            <td data-wrong={problem !== null}>
              {problem ?? (isThere ? t.isThere(values) : t.isNew(values))}
              {problem === null && isThere ? (
                <Checkbox
                  size="xs"
                  label={t.replace(name)}
                  checked={replaced.has(file)}
                  onChange={(event) => {
                    onReplace(file, event.currentTarget.checked);
                  }}
                />
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
