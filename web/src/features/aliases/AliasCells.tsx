// The cells of one row. The four primary ones always show; the others where there is room.
import { IconPin } from "@tabler/icons-react";
import { memo, type ReactNode } from "react";

import type { AliasRow, AliasUsage } from "@/api/types.ts";
import { AliasMenu } from "@/components/alias/AliasMenu.tsx";
import { Ago } from "@/components/Ago.tsx";
import { Clip, endOfName } from "@/components/Clip.tsx";
import { IconButton } from "@/components/IconButton.tsx";
import { SmallIcon } from "@/components/Icons.tsx";
import { ActiveMark, MemoryBadge, RowBadges, SourceIcon } from "@/components/Marks.tsx";
import { Tick } from "@/components/Tick.tsx";
import type { GroupRow } from "@/lib/rows.ts";
import { bytes } from "@/lib/units.ts";
import { settingText } from "@/lib/values.ts";
import { count, t } from "@/messages.en.ts";

import styles from "./AliasTable.module.css";
import { GroupActivity, GroupMenu } from "./GroupParts.tsx";
import type { Usage } from "./rows.ts";
import { TuneChip } from "./TuneChip.tsx";
import type { RowActions } from "./useRowFocus.ts";

// What fits into the narrowest the column gets, in characters of the mono font.
const CHIP_CHARACTERS = 24;
const CHIP_EDGE = 4;
const LONGEST_VALUE = 12;
const FILE_END = 11; // "Q4_K_M.gguf"
const COLUMN_COUNT = 11;

interface GroupProps {
  readonly row: GroupRow<AliasRow>;
  readonly usage: Usage;
  readonly actions: RowActions;
}

export function GroupCells({ row, usage, actions }: GroupProps) {
  return (
    <div
      role="gridcell"
      aria-colspan={COLUMN_COUNT}
      className={styles.groupCell}
      data-folded={row.folded}
    >
      <SmallIcon name="chevron" size={15} />
      <span className={styles.groupName}>{row.key}</span>
      <span className={styles.count}>{count(row.count)}</span>
      <GroupActivity row={row} usage={usage} />
      <span className={styles.groupMenu}>
        <GroupMenu row={row} actions={actions} tabIndex={-1} />
      </span>
    </div>
  );
}

interface Props {
  readonly row: AliasRow;
  readonly loaded: boolean;
  readonly usage: AliasUsage | undefined;
  /** The row has the tab stop: what is in it can be reached from there. */
  readonly current: boolean;
  readonly actions: RowActions;
}

/** Not drawn anew where a search only moves the row. */
export const AliasCells = memo(function AliasCells(props: Props) {
  const { row, loaded, usage, current, actions } = props;
  const expanded = actions.isExpanded(row);
  return (
    <>
      <div role="gridcell" data-column="mark">
        <Tick
          tabIndex={-1}
          aria-label={t.list.mark(row.name)}
          checked={actions.isMarked(row)}
          onChange={noChange}
          onClick={(event) => {
            event.stopPropagation();
            actions.mark(row, event.shiftKey);
          }}
        />
      </div>
      <div role="gridcell" data-column="name">
        <IconButton
          size={22}
          tabIndex={-1}
          className={styles.expander}
          data-expanded={expanded}
          aria-label={expanded ? t.list.less(row.name) : t.list.moreOf(row.name)}
          onClick={(event) => {
            event.stopPropagation();
            actions.expand(row);
          }}
        >
          <SmallIcon name="chevron" size={14} />
        </IconButton>
        {row.pinned ? <IconPin size={14} stroke={1.7} aria-label={t.list.pinned} /> : null}
        <Clip className={styles.name} text={row.name} keep={endOfName(row.name)} />
        <RowBadges row={row} />
        {(usage?.in_flight ?? 0) > 0 ? <ActiveMark /> : loaded ? <MemoryBadge /> : null}
      </div>
      <div role="gridcell" data-column="source" title={t.kinds[`${row.source}Means`]}>
        <SourceIcon source={row.source} />
        {t.kinds[row.source]}
      </div>
      <Cell column="repo" text={row.repo} />
      <Clip
        role="gridcell"
        data-column="filename"
        aria-label={row.filename ?? t.unknown}
        spoken={null}
        text={row.filename ?? t.unknown}
        keep={FILE_END}
      />
      <Cell column="quantization" text={row.quantization} />
      <Cell column="size" text={row.size_bytes === null ? null : bytes(row.size_bytes)} />
      <div role="gridcell" data-column="set">
        <SetChips row={row} actions={actions} tabIndex={current ? 0 : -1} />
      </div>
      <div role="gridcell" data-column="modified">
        <Ago then={row.modified_at} />
      </div>
      <div role="gridcell" data-column="used">
        {usage?.last_used == null ? t.unknown : <Ago then={usage.last_used} />}
      </div>
      <div role="gridcell" data-column="actions">
        <IconButton
          tabIndex={-1}
          aria-label={t.list.tryAlias(row.name)}
          disabled={row.state === "error"}
          onClick={(event) => {
            event.stopPropagation();
            actions.tryIt(row);
          }}
        >
          <SmallIcon name="play" size={16} />
        </IconButton>
        <AliasMenu row={row} commands={actions} tabIndex={-1} />
      </div>
    </>
  );
});

/** The click decides, because only it knows of Shift. */
function noChange(): void {
  // and a controlled box has to have a handler
}

function Cell({ column, text }: { readonly column: string; readonly text: string | null }) {
  return (
    <div role="gridcell" data-column={column} title={text ?? ""}>
      {text ?? t.unknown}
    </div>
  );
}

interface ChipsProps {
  readonly row: AliasRow;
  readonly actions: RowActions;
  readonly tabIndex: number;
}

/** As many as fit whole, one at least: half a figure is worse than none. */
function SetChips({ row, actions, tabIndex }: ChipsProps) {
  const chips: ReactNode[] = [];
  let room = CHIP_CHARACTERS;
  for (const one of row.set) {
    const { key, section } = one;
    room -= key.length + Math.min(settingText(one).length, LONGEST_VALUE) + CHIP_EDGE;
    if (room < 0 && chips.length > 0) break;
    const shared = { row, one, actions, tabIndex };
    chips.push(<TuneChip key={`${section} ${key}`} {...shared} />);
  }
  const more = row.set.length - chips.length;
  return (
    <>
      {chips}
      {more > 0 ? <span className={styles.more}>{t.list.more(more)}</span> : null}
    </>
  );
}
