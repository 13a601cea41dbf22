// A value that an alias sets, as a button: pressed, it can be changed where it stands.
import type { AliasRow } from "@/api/types.ts";
import { settingText } from "@/lib/values.ts";
import { t } from "@/messages.en.ts";

import styles from "./TuneChip.module.css";
import type { RowActions } from "./useRowFocus.ts";

interface Props {
  readonly row: AliasRow;
  readonly one: AliasRow["set"][number];
  readonly actions: RowActions;
  readonly tabIndex?: number;
}

export function TuneChip({ row, one, actions, tabIndex = 0 }: Props) {
  const value = settingText(one);
  return (
    <button
      type="button"
      data-chip={one.key}
      className={styles.chip}
      tabIndex={tabIndex}
      aria-haspopup="dialog"
      aria-label={t.list.tune(one.key, value, row.name)}
      title={`${one.key}: ${value}`}
      onClick={(event) => {
        event.stopPropagation();
        actions.tune(row, one.key, event.currentTarget);
      }}
    >
      <span>{one.key}</span> <span>{value}</span>
    </button>
  );
}
