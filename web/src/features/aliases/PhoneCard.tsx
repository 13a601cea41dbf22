// One alias on a phone: what it is, its first values, and what is done most.
import { ActionIcon } from "@mantine/core";
import { IconCopy, IconPencil, IconPlayerPlay, IconTrash } from "@tabler/icons-react";

import type { AliasRow } from "@/api/types.ts";
import { AliasMenu } from "@/components/alias/AliasMenu.tsx";
import { t as words } from "@/components/alias/messages.en.ts";
import { Clip, endOfName } from "@/components/Clip.tsx";
import { ActiveMark, MemoryBadge, RowBadges, SourceIcon } from "@/components/Marks.tsx";
import { t } from "@/messages.en.ts";

import styles from "./AliasCards.module.css";
import { labelOf } from "./AliasTable.tsx";
import type { CardProps } from "./DeskCard.tsx";
import { SwipeCard } from "./SwipeCard.tsx";
import { TuneChip } from "./TuneChip.tsx";

const MOST_CHIPS = 2;

export function PhoneCard({ row, index, loaded, usage, actions, onFocus }: CardProps) {
  const file = [row.repo, row.quantization].filter((one) => one !== null).join(t.separator);
  const more = row.set.length - MOST_CHIPS;
  const commands = (close: () => void) => <Commands row={row} actions={actions} onDone={close} />;
  return (
    <SwipeCard commands={commands}>
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
    </SwipeCard>
  );
}

interface CommandsProps extends Pick<CardProps, "row" | "actions"> {
  readonly onDone: () => void;
}

/** What the menu has, too: that one is for everybody. */
function Commands({ row, actions, onDone }: CommandsProps) {
  const run = (act: (row: AliasRow) => void) => () => {
    onDone();
    act(row);
  };
  return (
    <>
      <button type="button" disabled={row.state === "error"} onClick={run(actions.tryIt)}>
        <IconPlayerPlay size={18} stroke={1.7} aria-hidden />
        {t.detail.tryIt}
      </button>
      {row.source === "model" ? (
        <button type="button" onClick={run(actions.clone)}>
          <IconCopy size={18} stroke={1.7} aria-hidden />
          {words.createCustom}
        </button>
      ) : (
        <>
          <button type="button" onClick={run(actions.edit)}>
            <IconPencil size={18} stroke={1.7} aria-hidden />
            {words.edit}
          </button>
          <button type="button" data-danger onClick={run(actions.remove)}>
            <IconTrash size={18} stroke={1.7} aria-hidden />
            {words.delete}
          </button>
        </>
      )}
    </>
  );
}
