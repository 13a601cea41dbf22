// A value of a model's own alias: what applies and from where, and the way to an alias of one's own.
import { Button } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";

import type { AliasDetail, AliasRow } from "@/api/types.ts";
import type { AliasCommands } from "@/components/alias/useAliasCommands.tsx";
import { valueText } from "@/lib/values.ts";
import { t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import styles from "./TuneLayer.module.css";

interface Props {
  readonly row: AliasRow;
  readonly alias: AliasDetail;
  readonly first: string;
  readonly commands: AliasCommands;
}

export function ModelValue({ row, alias, first, commands }: Props) {
  const one = alias.effective.find(({ key }) => key === first);
  return (
    <div className={styles.pane}>
      <h2 className={styles.title}>{row.name}</h2>
      {one === undefined ? null : (
        <p>
          {one.label} <code>{one.key}</code>
          {words.separator}
          {t.effective(
            one.value === null ? t.engineDecides : valueText(one.value),
            words.detail.layers[one.layer],
          )}
        </p>
      )}
      <p className={styles.status}>{t.ofModel}</p>
      <div className={styles.buttons}>
        <Button
          data-autofocus
          leftSection={<IconCopy size={14} aria-hidden />}
          onClick={() => {
            commands.clone(row);
          }}
        >
          {t.createCustom}
        </Button>
      </div>
    </div>
  );
}
