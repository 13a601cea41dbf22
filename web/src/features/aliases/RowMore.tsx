// What a row shows below itself when it is expanded: what it sets, its template, what is odd.
import { Button } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";

import type { AliasRow, AliasUsage } from "@/api/types.ts";
import { t as words } from "@/components/alias/messages.en.ts";
import { UsageLine } from "@/components/UsageLine.tsx";
import { t } from "@/messages.en.ts";

import styles from "./RowMore.module.css";
import { TuneChip } from "./TuneChip.tsx";
import type { RowActions } from "./useRowFocus.ts";

export const MORE_HEIGHT = 120;
const MOST_CHIPS = 12;

interface Props {
  readonly row: AliasRow;
  readonly usage: AliasUsage | undefined;
  readonly actions: RowActions;
}

export function RowMore({ row, usage, actions }: Props) {
  const isUser = row.source === "user";
  return (
    // A click in here is not one on the row.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="gridcell"
      className={styles.more}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
      }}
    >
      <p className={styles.about}>{row.description ?? aboutOf(row)}</p>
      <div className={styles.chips}>
        {row.set.slice(0, MOST_CHIPS).map((one) => (
          <TuneChip key={`${one.section} ${one.key}`} row={row} one={one} actions={actions} />
        ))}
        {row.set.length === 0 ? <span>{t.detail.nothingSet}</span> : null}
        {row.tags.map((tag) => (
          <span key={tag} className={styles.tag}>
            {tag}
          </span>
        ))}
      </div>
      {row.error === null ? (
        <UsageLine usage={usage} />
      ) : (
        <p className={styles.error}>{row.error.message}</p>
      )}
      <div className={styles.actions}>
        <Button
          variant="default"
          onClick={() => {
            if (isUser) actions.edit(row);
            else actions.clone(row);
          }}
        >
          {isUser ? words.edit : words.createCustom}
        </Button>
        <Button
          variant="subtle"
          onClick={() => {
            actions.open(row);
          }}
        >
          {t.list.details}
        </Button>
        {repositoryPage(row) === null ? null : (
          <Button
            variant="subtle"
            component="a"
            href={repositoryPage(row) ?? ""}
            target="_blank"
            rel="noopener noreferrer"
            rightSection={<IconExternalLink size={14} aria-hidden />}
          >
            {t.list.repositoryPage}
          </Button>
        )}
      </div>
    </div>
  );
}

function aboutOf(row: AliasRow): string {
  const template = row.chat_template;
  const named = template === null ? null : (template.name ?? t.detail.templates[template.origin]);
  return [
    row.size_label,
    row.quantization,
    named === null ? null : t.list.templateOf(named),
    row.version === null ? null : t.list.versionOf(row.version),
  ]
    .filter((one) => one !== null)
    .join(t.separator);
}

/** Where a repository's own page is; only a link, nothing is asked of it. */
function repositoryPage({ repo }: AliasRow): string | null {
  return repo === null || !/^[\w.-]+\/[\w.-]+$/.test(repo) ? null : t.list.hubPage(repo);
}
