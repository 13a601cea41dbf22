// What can be done to the marked aliases at once; nothing happens before its preview was seen.
import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";

import type { AliasRow } from "@/api/types.ts";
import { t as words } from "@/components/alias/messages.en.ts";
import { t } from "@/messages.en.ts";

import styles from "./BatchBar.module.css";
import { BatchDialog, type BatchKind } from "./BatchDialog.tsx";

interface Props {
  readonly rows: readonly AliasRow[];
  readonly onExport: (rows: readonly AliasRow[]) => void;
  readonly onDone: () => void;
}

const KINDS: readonly BatchKind[] = ["value", "preset", "tag", "untag", "delete"];

export default function BatchBar({ rows, onExport, onDone }: Props) {
  const own = rows.filter((row) => row.source === "user");
  const [kind, setKind] = useState<BatchKind | null>(null);
  return (
    <div className={styles.bar} role="toolbar" aria-label={t.batch.label}>
      <span className={styles.count}>{t.batch.marked(rows.length)}</span>
      {KINDS.map((one) => (
        <Button
          key={one}
          variant="default"
          onClick={() => {
            setKind(one);
          }}
        >
          {t.batch.kinds[one]}
        </Button>
      ))}
      {own.length === 0 ? null : (
        <Button
          variant="default"
          onClick={() => {
            onExport(own);
          }}
        >
          {words.export}
        </Button>
      )}
      <Button variant="subtle" leftSection={<IconX size={14} aria-hidden />} onClick={onDone}>
        {t.batch.clear}
      </Button>
      {kind === null ? null : (
        <BatchDialog
          key={kind}
          kind={kind}
          rows={rows}
          onClose={() => {
            setKind(null);
          }}
          onDone={onDone}
        />
      )}
    </div>
  );
}
