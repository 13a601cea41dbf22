// `/trash`: deleted aliases and chat templates, each to be brought back or deleted for good.
import { Button, Modal, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { restoreTrashed } from "@/api/aliases.ts";
import { purge, trashQuery } from "@/api/trash.ts";
import type { Trashed } from "@/api/types.ts";
import { Ago } from "@/components/Ago.tsx";
import { t as aliasWords } from "@/components/alias/messages.en.ts";
import { attempt } from "@/components/alias/useAliasActions.ts";
import { Failed } from "@/components/Failed.tsx";
import { EmptyCard } from "@/components/Problems.tsx";
import { Screen } from "@/components/Screen.tsx";
import { toast } from "@/components/toast.ts";
import { t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import styles from "./TrashScreen.module.css";

export function TrashScreen() {
  const { data, error, refetch } = useQuery(trashQuery);
  const [purging, setPurging] = useState<Trashed | null>(null);
  return (
    <Screen
      title={t.title}
      above={
        <>
          <Link to="/aliases">{words.list.title}</Link>
          <span aria-hidden>{words.slash}</span>
        </>
      }
      note={t.lead}
    >
      {error === null ? null : <Failed error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? (
        <div role="group" aria-busy aria-label={t.loading} className={styles.trash}>
          {[0, 1, 2].map((line) => (
            <Skeleton key={line} height={40} radius={6} mb={8} />
          ))}
        </div>
      ) : null}
      {data?.length === 0 ? <EmptyCard title={t.none} text={t.noneText} /> : null}
      <ul className={styles.trash}>
        {(data ?? []).map((one) => (
          <Line
            key={one.id}
            trashed={one}
            onPurge={() => {
              setPurging(one);
            }}
          />
        ))}
      </ul>
      {purging === null ? null : (
        <Sure
          trashed={purging}
          onClose={() => {
            setPurging(null);
          }}
        />
      )}
    </Screen>
  );
}

function Line({ trashed, onPurge }: { readonly trashed: Trashed; readonly onPurge: () => void }) {
  const queries = useQueryClient();
  const restore = () =>
    attempt(async () => {
      await restoreTrashed(trashed.id);
      await queries.invalidateQueries();
      toast(aliasWords.restored(trashed.name));
    });
  return (
    <li className={styles.line}>
      <span className={styles.name}>{trashed.name}</span>
      <span className={styles.meta}>
        {trashed.version === null ? t.template : t.version(trashed.version)}
        {words.separator}
        {t.deleted} <Ago then={trashed.deleted_at} />
      </span>
      <Button
        variant="default"
        aria-label={t.restoreOne(trashed.name)}
        onClick={() => void restore()}
      >
        {t.restore}
      </Button>
      <Button variant="subtle" aria-label={t.purgeOne(trashed.name)} onClick={onPurge}>
        {t.purge}
      </Button>
    </li>
  );
}

function Sure({ trashed, onClose }: { readonly trashed: Trashed; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const run = () =>
    attempt(async () => {
      await purge(trashed.id);
      await queries.invalidateQueries({ queryKey: ["trash"] });
      onClose();
      toast(t.purged(trashed.name));
    });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.purge}
      size={420}
      closeButtonProps={{ "aria-label": words.close }}
    >
      <div className={styles.sure}>
        <p>{t.sure(trashed.name)}</p>
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {t.cancel}
          </Button>
          <Button variant="danger" onClick={() => void run()}>
            {t.purge}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
