// The keys of this server: made and told once, listed, taken back.
import { Button, Modal, Skeleton, VisuallyHidden } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { asProblem } from "@/api/problem.ts";
import { sessionQuery } from "@/api/session.ts";
import { Ago } from "@/components/Ago.tsx";
import { attempt } from "@/components/alias/useAliasActions.ts";
import { EmptyCard, Notice, ProblemCard } from "@/components/Problems.tsx";
import { toast } from "@/components/toast.ts";
import { useFocusBack } from "@/components/useFocusBack.ts";
import { t as words } from "@/messages.en.ts";

import styles from "./Keys.module.css";
import { t } from "./messages.en.ts";
import { NewKeyDialog } from "./NewKeyDialog.tsx";
import settings from "./SettingsScreen.module.css";
import { type Key, type KeyUse, keysQuery, keyUseQuery, revokeKey } from "./store.ts";

export function KeysTab() {
  const { data, error, refetch } = useQuery(keysQuery);
  const session = useQuery(sessionQuery).data;
  const [open, setOpen] = useState<"new" | Key | null>(null);
  const problem = error === null ? null : asProblem(error);
  const close = () => {
    setOpen(null);
  };
  const create = (
    <Button
      leftSection={<IconPlus size={15} aria-hidden />}
      onClick={() => {
        setOpen("new");
      }}
    >
      {t.newKey}
    </Button>
  );
  return (
    <>
      <div className={styles.head}>
        <p className={settings.lead}>{t.keysLead}</p>
        {data === undefined || data.length === 0 ? null : create}
      </div>
      {session?.needs_key === false ? <Notice text={`${t.open} ${t.openRemedy}`} /> : null}
      {session?.key_id === "settings" ? <Notice text={t.configured} /> : null}
      {problem === null ? null : (
        <ProblemCard message={problem.message} remedy={problem.remedy}>
          <Button variant="default" onClick={() => void refetch()}>
            {words.retry}
          </Button>
        </ProblemCard>
      )}
      {data === undefined && problem === null ? <Loading /> : null}
      {data?.length === 0 ? (
        <EmptyCard title={t.noKeys} text={t.noKeysText}>
          {create}
        </EmptyCard>
      ) : null}
      {data === undefined || data.length === 0 ? null : (
        <KeyTable keys={data} ownId={session?.key_id ?? null} onRevoke={setOpen} />
      )}
      {open === "new" ? <NewKeyDialog onClose={close} /> : null}
      {open === null || open === "new" ? null : (
        <Sure given={open} isOwn={open.id === session?.key_id} onClose={close} />
      )}
    </>
  );
}

interface TableProps {
  readonly keys: readonly Key[];
  readonly ownId: string | null;
  readonly onRevoke: (key: Key) => void;
}

function KeyTable({ keys, ownId, onRevoke }: TableProps) {
  // A list of keys without their use is worth showing all the same.
  const used = useQuery(keyUseQuery).data;
  return (
    <table className={styles.keys} aria-label={t.count(keys.length)}>
      <thead>
        <tr>
          <th scope="col">{t.keyName}</th>
          <th scope="col">{t.scope}</th>
          <th scope="col">{t.aliases}</th>
          <th scope="col">{t.made}</th>
          <th scope="col">{t.lastRequest}</th>
          <th scope="col">
            <VisuallyHidden>{t.actions}</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.id}>
            <th scope="row">
              {key.name}
              {key.id === ownId ? <span className={styles.own}>{t.thisOne}</span> : null}
            </th>
            <td data-scope={key.scope}>{t.scopes[key.scope]}</td>
            <td>{key.aliases.length === 0 ? t.allAliases : key.aliases.join(", ")}</td>
            <td data-label={t.made}>
              <Ago then={new Date(key.created_at).getTime() / 1000} />
            </td>
            <td data-label={t.lastRequest}>
              {used === undefined ? null : <Use of={used.get(key.id)} />}
            </td>
            <td>
              <Button
                variant="subtle"
                aria-label={t.revokeOne(key.name)}
                onClick={() => {
                  onRevoke(key);
                }}
              >
                {t.revoke}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Use({ of }: { readonly of: KeyUse | undefined }) {
  if (of === undefined) return t.neverUsed;
  return (
    <>
      <Ago then={of.last_used} /> <span className={styles.times}>{t.requests(of.requests)}</span>
    </>
  );
}

interface SureProps {
  readonly given: Key;
  readonly isOwn: boolean;
  readonly onClose: () => void;
}

function Sure({ given, isOwn, onClose }: SureProps) {
  const queries = useQueryClient();
  useFocusBack();
  const run = () =>
    attempt(async () => {
      await revokeKey(given.id);
      onClose();
      toast(t.revoked(given.name));
      await queries.invalidateQueries({ queryKey: isOwn ? ["session"] : ["keys"] });
    });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.revokeTitle(given.name)}
      size={420}
      closeButtonProps={{ "aria-label": words.close }}
    >
      <div className={styles.form}>
        <p>{t.revokeSure}</p>
        {isOwn ? <Notice text={t.revokeOwn} /> : null}
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {t.cancel}
          </Button>
          <Button variant="danger" onClick={() => void run()}>
            {t.revoke}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function Loading() {
  return (
    <div role="group" aria-busy aria-label={t.loading}>
      {[0, 1, 2].map((line) => (
        <Skeleton key={line} height={40} radius={6} mb={8} />
      ))}
    </div>
  );
}
