// What was used last, and what was looked at last.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { aliasesQuery } from "@/api/queries.ts";
import type { Dashboard, Source } from "@/api/types.ts";
import { Ago } from "@/components/Ago.tsx";
import { Clip, endOfName } from "@/components/Clip.tsx";
import { ActiveMark, SourceIcon } from "@/components/Marks.tsx";
import { Panel } from "@/components/Panel.tsx";
import { useRecent } from "@/components/recent.ts";

import { t } from "./messages.en.ts";
import { NotYet } from "./NotYet.tsx";
import styles from "./Panels.module.css";

interface Item {
  readonly id: string;
  readonly name: string;
  readonly source: Source;
  readonly used: number | null;
  readonly isActive: boolean;
}

const MOST = 8;

interface Props {
  readonly dashboard: Dashboard | undefined;
  readonly failed: boolean;
}

export function RecentPanel({ dashboard, failed }: Props) {
  const items = useItems(dashboard);
  return (
    <Panel title={t.recent}>
      {dashboard === undefined && items.length === 0 ? <NotYet failed={failed} /> : null}
      {dashboard !== undefined && items.length === 0 ? (
        <p className={styles.meta}>{t.recentNone}</p>
      ) : null}
      <ul className={styles.list}>
        {items.map(({ id, name, source, used, isActive }) => (
          <li key={id}>
            <Link to="/aliases/$id" params={{ id }} className={styles.item}>
              <SourceIcon source={source} />
              <Clip text={name} keep={endOfName(name)} />
              <span className={styles.meta}>
                {isActive ? <ActiveMark /> : used === null ? null : <Ago then={used} />}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function useItems(dashboard: Dashboard | undefined): readonly Item[] {
  const { data } = useQuery(aliasesQuery);
  const seen = useRecent();
  const byId = new Map((data?.aliases ?? []).map((row) => [row.id, row]));
  const used = (dashboard?.recent ?? []).flatMap((one): readonly Item[] => {
    const row = one.id === null ? undefined : byId.get(one.id);
    if (row === undefined) return [];
    const { id, name, source } = row;
    return [{ id, name, source, used: one.last_used, isActive: one.in_flight > 0 }];
  });
  const known = new Set(used.map((one) => one.id));
  const looked = seen.flatMap((id): readonly Item[] => {
    const row = byId.get(id);
    if (row === undefined || known.has(id)) return [];
    return [{ id, name: row.name, source: row.source, used: null, isActive: false }];
  });
  return [...used, ...looked].slice(0, MOST);
}
