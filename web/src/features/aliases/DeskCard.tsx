// One alias as a card: name, model, kind, its values, how it is used, and what can be done to it.
import { ActionIcon, Button } from "@mantine/core";
import { IconCopy, IconPin, IconPlayerPlay, IconTrash } from "@tabler/icons-react";

import type { AliasRow, AliasUsage } from "@/api/types.ts";
import { AliasMenu } from "@/components/alias/AliasMenu.tsx";
import { t as words } from "@/components/alias/messages.en.ts";
import { Clip, endOfName } from "@/components/Clip.tsx";
import { ActiveMark, MemoryBadge, RowBadges, SourceIcon } from "@/components/Marks.tsx";
import { Tick } from "@/components/Tick.tsx";
import { UsageLine } from "@/components/UsageLine.tsx";
import { t } from "@/messages.en.ts";

import styles from "./AliasCards.module.css";
import { labelOf } from "./AliasTable.tsx";
import { TuneChip } from "./TuneChip.tsx";
import type { RowActions } from "./useRowFocus.ts";

export interface CardProps {
  readonly row: AliasRow;
  readonly index: number;
  readonly loaded: boolean;
  readonly usage: AliasUsage | undefined;
  readonly actions: RowActions;
  readonly onFocus: () => void;
}

const MOST_CHIPS = 3;

export function DeskCard({ row, index, loaded, usage, actions, onFocus }: CardProps) {
  const file = [row.repo, row.quantization].filter((one) => one !== null).join(t.separator);
  const more = row.set.length - MOST_CHIPS;
  return (
    <article className={styles.deskCard} data-marked={actions.isMarked(row)}>
      <div className={styles.deskHead}>
        <button
          type="button"
          className={styles.deskOpen}
          data-index={index}
          data-card
          onFocus={onFocus}
          onClick={() => {
            actions.open(row);
          }}
        >
          <SourceIcon source={row.source} />
          {row.pinned ? <IconPin size={14} stroke={1.7} aria-label={t.list.pinned} /> : null}
          <Clip
            className={styles.name}
            text={row.name}
            keep={endOfName(row.name)}
            spoken={labelOf(row)}
          />
        </button>
        <RowBadges row={row} />
        {(usage?.in_flight ?? 0) > 0 ? <ActiveMark /> : loaded ? <MemoryBadge /> : null}
        <Tick
          aria-label={t.list.mark(row.name)}
          checked={actions.isMarked(row)}
          onChange={(event) => {
            const { nativeEvent } = event;
            actions.mark(row, "shiftKey" in nativeEvent && nativeEvent.shiftKey === true);
          }}
        />
      </div>
      <div className={styles.file}>
        <Clip text={file} keep={(row.quantization?.length ?? 0) + t.separator.length} />
      </div>
      <div className={styles.chips}>
        {row.set.length === 0 ? <span className={styles.more}>{t.list.setsNothing}</span> : null}
        {row.set.slice(0, MOST_CHIPS).map((one) => (
          <TuneChip key={`${one.section} ${one.key}`} row={row} one={one} actions={actions} />
        ))}
        {more > 0 ? <span className={styles.more}>{t.list.more(more)}</span> : null}
      </div>
      <UsageLine usage={usage} />
      <CardButtons row={row} actions={actions} />
    </article>
  );
}

function CardButtons({ row, actions }: Pick<CardProps, "row" | "actions">) {
  const isUser = row.source === "user";
  return (
    <div className={styles.deskButtons}>
      <Button
        variant="default"
        leftSection={<IconPlayerPlay size={14} aria-hidden />}
        disabled={row.state === "error"}
        aria-label={t.list.tryAlias(row.name)}
        onClick={() => {
          actions.tryIt(row);
        }}
      >
        {t.detail.tryIt}
      </Button>
      <Button
        variant="default"
        onClick={() => {
          actions.edit(row);
        }}
      >
        {isUser ? words.edit : words.createCustom}
      </Button>
      {isUser ? (
        <>
          <ActionIcon
            aria-label={words.cloneOne(row.name)}
            onClick={() => {
              actions.clone(row);
            }}
          >
            <IconCopy size={16} stroke={1.7} />
          </ActionIcon>
          <ActionIcon
            aria-label={words.deleteOne(row.name)}
            onClick={() => {
              actions.remove(row);
            }}
          >
            <IconTrash size={16} stroke={1.7} />
          </ActionIcon>
        </>
      ) : null}
      <AliasMenu row={row} commands={actions} />
    </div>
  );
}
