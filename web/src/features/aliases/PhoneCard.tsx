// One alias on a phone: what it is, its first values, and what is done most.
import { ActionIcon } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";

import { AliasMenu } from "@/components/alias/AliasMenu.tsx";
import { Clip, endOfName } from "@/components/Clip.tsx";
import { ActiveMark, MemoryBadge, RowBadges, SourceIcon } from "@/components/Marks.tsx";
import { t } from "@/messages.en.ts";

import styles from "./AliasCards.module.css";
import { labelOf } from "./AliasTable.tsx";
import type { CardProps } from "./DeskCard.tsx";
import { TuneChip } from "./TuneChip.tsx";

const MOST_CHIPS = 2;

export function PhoneCard({ row, index, loaded, usage, actions, onFocus }: CardProps) {
  const file = [row.repo, row.quantization].filter((one) => one !== null).join(t.separator);
  const more = row.set.length - MOST_CHIPS;
  return (
    <div className={styles.card}>
      <div className={styles.cardTop}>
        <button
          type="button"
          className={styles.open}
          data-index={index}
          data-card
          onFocus={onFocus}
          onClick={() => {
            actions.open(row);
          }}
        >
          <SourceIcon source={row.source} />
          <span className={styles.texts}>
            <span className={styles.name}>
              <Clip text={row.name} keep={endOfName(row.name)} spoken={labelOf(row)} />
            </span>
            <span className={styles.file}>
              <Clip text={file} keep={(row.quantization?.length ?? 0) + t.separator.length} />
            </span>
          </span>
          <RowBadges row={row} />
          {(usage?.in_flight ?? 0) > 0 ? <ActiveMark /> : loaded ? <MemoryBadge /> : null}
        </button>
        <AliasMenu row={row} commands={actions} size={44} />
        <ActionIcon
          size={44}
          aria-label={t.list.tryAlias(row.name)}
          disabled={row.state === "error"}
          onClick={() => {
            actions.tryIt(row);
          }}
        >
          <IconPlayerPlay size={18} stroke={1.7} />
        </ActionIcon>
      </div>
      {row.set.length === 0 ? null : (
        <div className={styles.phoneChips}>
          {row.set.slice(0, MOST_CHIPS).map((one) => (
            <TuneChip key={`${one.section} ${one.key}`} row={row} one={one} actions={actions} />
          ))}
          {more > 0 ? <span className={styles.more}>{t.list.more(more)}</span> : null}
        </div>
      )}
    </div>
  );
}
