// Small marks that mean the same everywhere: kind of alias, state, a parameter's value.
import {
  IconAlertTriangle,
  IconCheck,
  IconCpu,
  IconFlask2,
  IconLock,
  IconPencil,
  IconUser,
} from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { AliasRow, JsonValue, Source } from "@/api/types.ts";
import { valueText } from "@/lib/values.ts";
import { t } from "@/messages.en.ts";

import styles from "./Marks.module.css";

export function SourceIcon({ source }: { readonly source: Source }) {
  return (
    <span className={styles.icon} data-source={source}>
      {source === "user" ? (
        <IconUser size={13} stroke={1.8} aria-hidden />
      ) : (
        <IconLock size={13} stroke={1.8} aria-hidden />
      )}
    </span>
  );
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

export function MemoryBadge() {
  return (
    <span className={styles.badge} data-state="memory">
      <IconCpu size={13} aria-hidden />
      {t.inMemory}
    </span>
  );
}

export function ActiveMark() {
  return (
    <span className={styles.active}>
      <span aria-hidden />
      {t.activeNow}
    </span>
  );
}

export function ValueChip({ name, value }: { readonly name: string; readonly value: JsonValue }) {
  return (
    <span className={styles.value} title={`${name}: ${valueText(value)}`}>
      <span>{name}</span> <span>{valueText(value)}</span>
    </span>
  );
}
