// Alias files in and out: what is brought is looked at before anything is written, file by file.
import { Button, FileButton, Modal } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconUpload } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { aliasesQuery } from "@/api/queries.ts";
import { useAliasActions } from "@/components/alias/useAliasActions.ts";
import { toast } from "@/components/toast.ts";
import { useFocusBack } from "@/components/useFocusBack.ts";
import { t as words } from "@/messages.en.ts";

import { type Brought, broughtIn, written } from "./brought.ts";
import styles from "./Dialogs.module.css";
import { t } from "./messages.en.ts";

export default function TransferDialog({ onClose }: { readonly onClose: () => void }) {
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.quickTransfer}
      size={560}
      closeButtonProps={{ "aria-label": words.close }}
    >
      <div className={styles.form}>
        <Import />
        <Export onClose={onClose} />
      </div>
    </Modal>
  );
}

function Import() {
  const queries = useQueryClient();
  const [brought, setBrought] = useState<readonly Brought[]>([]);
  const [looking, setLooking] = useState(false);
  const [busy, setBusy] = useState(false);
  const able = brought.filter((one) => one.refusal === null && !one.done);
  const look = async (files: readonly File[]) => {
    setLooking(true);
    setBrought(await broughtIn(files));
    setLooking(false);
  };
  const create = async () => {
    setBusy(true);
    const made = new Map<Brought, Brought>();
    for (const one of able) made.set(one, await written(one));
    setBrought((before) => before.map((one) => made.get(one) ?? one));
    setBusy(false);
    await queries.invalidateQueries({ queryKey: ["aliases"] });
    await queries.invalidateQueries({ queryKey: ["dashboard"] });
    toast(t.imported([...made.values()].filter((one) => one.done).length));
  };
  return (
    <section className={styles.part} aria-label={t.import}>
      <h3>{t.import}</h3>
      <p className={styles.lead}>{t.importLead}</p>
      <div className={styles.row}>
        <FileButton
          multiple
          accept=".yaml,.yml,.zip"
          inputProps={{ "aria-label": t.importChoose }}
          onChange={(files) => void look(files)}
        >
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconUpload size={15} aria-hidden />}>
              {t.importChoose}
            </Button>
          )}
        </FileButton>
        {able.length === 0 ? null : (
          <Button loading={busy} onClick={() => void create()}>
            {t.importCreate(able.length)}
          </Button>
        )}
      </div>
      {looking ? <p className={styles.lead}>{t.importLooking}</p> : null}
      {brought.length === 0 ? null : (
        <ul className={styles.files} aria-label={t.importReport}>
          {brought.map((one, number) => (
            <li key={`${number} ${one.file}`} data-refused={one.refusal !== null}>
              {one.refusal === null ? (
                <IconCheck size={16} aria-hidden />
              ) : (
                <IconAlertTriangle size={16} aria-hidden />
              )}
              <div>
                <p>
                  <code>{one.file}</code> {one.name}
                </p>
                <p className={styles.lead}>
                  {one.refusal ?? (one.done ? t.importDone : t.importReady)}
                </p>
                {one.notes.map((note) => (
                  <p key={note} className={styles.lead}>
                    {note}
                  </p>
                ))}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Export({ onClose }: { readonly onClose: () => void }) {
  const { data } = useQuery(aliasesQuery);
  const { exportFiles } = useAliasActions();
  const own = (data?.aliases ?? []).filter((row) => row.source === "user");
  return (
    <section className={styles.part} aria-label={t.export}>
      <h3>{t.export}</h3>
      <p className={styles.lead}>{t.exportLead}</p>
      <div className={styles.row}>
        <Button variant="default" disabled={own.length === 0} onClick={() => void exportFiles(own)}>
          {t.exportAll(own.length)}
        </Button>
        <Link to="/aliases" search={{ source: "user" }} onClick={onClose}>
          {t.exportSome}
        </Link>
      </div>
    </section>
  );
}
