// What one comes back to: pinned aliases, then those that were looked at last.
import { IconPin } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { aliasesQuery } from "@/api/queries.ts";
import type { AliasRow } from "@/api/types.ts";
import { SourceIcon } from "@/components/Marks.tsx";
import { useRecent } from "@/components/recent.ts";
import { t } from "@/messages.en.ts";

import styles from "./Shelf.module.css";

const MOST_PINNED = 8;
const MOST_RECENT = 5;

export function Shelf() {
  const { data } = useQuery(aliasesQuery);
  const recent = useRecent();
  const all = data?.aliases ?? [];
  const pinned = all.filter((row) => row.pinned).slice(0, MOST_PINNED);
  const kept = new Set(pinned.map((row) => row.id));
  const byId = new Map(all.map((row) => [row.id, row]));
  const lately = recent
    .flatMap((id) => byId.get(id) ?? [])
    .filter((row) => !kept.has(row.id))
    .slice(0, MOST_RECENT);
  return (
    <div className={styles.shelf}>
      <Section title={t.nav.pinned} rows={pinned} />
      <Section title={t.nav.recent} rows={lately} />
    </div>
  );
}

function Section({ title, rows }: { readonly title: string; readonly rows: readonly AliasRow[] }) {
  if (rows.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className={styles.title}>{title}</h2>
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <Link
              to="/aliases/$id"
              params={{ id: row.id }}
              className={styles.link}
              title={row.name}
            >
              {row.pinned ? (
                <IconPin size={14} stroke={1.7} aria-hidden />
              ) : (
                <SourceIcon source={row.source} />
              )}
              <span>{row.name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
