// What somebody should look at: aliases that cannot serve, and drafts that nobody published.
import { IconAlertTriangle, IconCheck, IconPencil } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { ownFindings } from "@/api/reached.ts";
import type { AliasRow, Dashboard } from "@/api/types.ts";
import { Panel } from "@/components/Panel.tsx";
import { t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import { NotYet } from "./NotYet.tsx";
import styles from "./Panels.module.css";

interface Props {
  readonly dashboard: Dashboard | undefined;
  readonly aliases: readonly AliasRow[] | undefined;
  readonly failed: boolean;
}

const MOST = 5;

export function AttentionPanel({ dashboard, aliases, failed }: Props) {
  return (
    <Panel title={t.attention}>
      {dashboard === undefined || aliases === undefined ? (
        <NotYet failed={failed} />
      ) : (
        <Wants dashboard={dashboard} aliases={aliases} />
      )}
    </Panel>
  );
}

interface WantsProps {
  readonly dashboard: Dashboard;
  readonly aliases: readonly AliasRow[];
}

function Wants({ dashboard, aliases }: WantsProps) {
  const broken = aliases.filter((row) => row.state === "error");
  const odd = aliases.filter((row) => row.state !== "error" && ownFindings(row).length > 0);
  const { drafts } = dashboard.attention;
  const nothing = broken.length === 0 && odd.length === 0 && drafts === 0;
  return (
    <>
      {nothing ? (
        <p className={styles.fine}>
          <IconCheck size={16} aria-hidden />
          {t.attentionNone}
        </p>
      ) : null}
      <ul className={styles.list}>
        {broken.length === 0 ? null : (
          <li>
            <Link to="/aliases" search={{ q: "state:error" }} className={styles.item}>
              <IconAlertTriangle size={16} aria-hidden data-tone="error" />
              <span>{t.attentionErrors(broken.length)}</span>
              <span className={styles.why}>{namesOf(broken)}</span>
            </Link>
          </li>
        )}
        {drafts === 0 ? null : (
          <li>
            <Link to="/aliases" search={{ q: "state:draft" }} className={styles.item}>
              <IconPencil size={16} aria-hidden />
              <span>{t.attentionDrafts(drafts)}</span>
            </Link>
          </li>
        )}
        {odd.slice(0, MOST).map((row) => (
          <li key={row.id}>
            <Link to="/aliases/$id" params={{ id: row.id }} className={styles.item}>
              <IconAlertTriangle size={16} aria-hidden data-tone="warning" />
              <span>{row.name}</span>
              <span className={styles.why}>{ownFindings(row)[0]?.message}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function namesOf(rows: readonly AliasRow[]): string {
  const some = rows.slice(0, 3).map((row) => row.name);
  const more = rows.length - some.length;
  return [...some, ...(more > 0 ? [words.list.more(more)] : [])].join(", ");
}
