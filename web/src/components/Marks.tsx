// Small marks that mean the same everywhere: kind of alias, state, use.
import {
  IconAlertTriangle,
  IconCheck,
  IconCpu,
  IconEyeOff,
  IconFlask2,
  IconPencil,
} from "@tabler/icons-react";
import type { ReactNode } from "react";

import { shadowOf } from "@/api/reached.ts";
import type { AliasRow, Source } from "@/api/types.ts";
import { t } from "@/messages.en.ts";

import { SmallIcon } from "./Icons.tsx";
import styles from "./Marks.module.css";

export function SourceIcon({ source }: { readonly source: Source }) {
  const name = source === "user" ? "user" : "lock";
  return <SmallIcon name={name} size={22} className={styles.icon} data-source={source} />;
}

export function SourceMark({ source }: { readonly source: Source }) {
  return (
    <span
      className={styles.source}
      title={source === "user" ? t.kinds.userMeans : t.kinds.modelMeans}
    >
      <SourceIcon source={source} />
      {t.kinds[source]}
    </span>
  );
}

const STATE_ICONS: Readonly<Record<AliasRow["state"], ReactNode>> = {
  draft: <IconPencil size={13} aria-hidden />,
  published: <IconCheck size={13} aria-hidden />,
  modified: <IconPencil size={13} aria-hidden />,
  testing: <IconFlask2 size={13} aria-hidden />,
  error: <IconAlertTriangle size={13} aria-hidden />,
};

export function StateBadge({ state }: { readonly state: AliasRow["state"] }) {
  return (
    <span className={styles.badge} data-state={state}>
      {STATE_ICONS[state]}
      {t.states[state]}
    </span>
  );
}

/** What somebody must know of an alias before they ask it; nothing of one that serves as it says. */
export function RowBadges({ row }: { readonly row: AliasRow }) {
  const shadowed = shadowOf(row);
  return (
    <>
      {row.state === "published" ? null : <StateBadge state={row.state} />}
      {shadowed === undefined ? null : (
        <span className={styles.badge} data-state="shadowed" title={shadowed.message}>
          <IconEyeOff size={13} aria-hidden />
          {t.shadowed}
        </span>
      )}
    </>
  );
}

export function MemoryBadge() {
  return (
    <span className={styles.badge} data-state="memory" title={t.inMemory}>
      <IconCpu size={13} aria-hidden />
      <span className={styles.word}>{t.inMemory}</span>
    </span>
  );
}

export function ActiveMark() {
  return (
    <span className={styles.active} title={t.activeNow}>
      <span className={styles.dot} aria-hidden />
      <span className={styles.word}>{t.activeNow}</span>
    </span>
  );
}
