// The four figures; each leads to the list of what it counts.
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { Dashboard } from "@/api/types.ts";
import type { AliasSearch } from "@/lib/aliasSearch.ts";
import { count, t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import styles from "./Stats.module.css";

export function Stats({ dashboard }: { readonly dashboard: Dashboard }) {
  const { total, user, model, active_24h: active, most_active: most } = dashboard;
  return (
    <section className={styles.stats} aria-label={t.stats}>
      <Stat label={t.total} value={count(total)} note={t.models(model)} search={{}} />
      <Stat label={t.user} value={count(user)} note={t.userNote} search={{ source: "user" }} />
      <Stat
        label={t.active}
        value={active === null ? words.unknown : count(active)}
        note={active === null ? t.noFigures : t.inFlight(dashboard.active_now)}
        search={{ q: "used<1d" }}
      />
      {most === null ? (
        <Stat
          label={t.most}
          value={words.unknown}
          note={active === null ? t.noFigures : t.none}
          search={{ q: "used<1d" }}
        />
      ) : (
        <Stat
          label={t.most}
          value={<span className={styles.name}>{most.alias}</span>}
          note={t.perHour(most.requests_per_hour)}
          search={most.id === null ? {} : { sel: most.id }}
        />
      )}
    </section>
  );
}

interface StatProps {
  readonly label: string;
  readonly value: ReactNode;
  readonly note: string;
  readonly search: AliasSearch;
}

function Stat({ label, value, note, search }: StatProps) {
  return (
    <Link to="/aliases" search={search} className={styles.stat}>
      <span className={styles.label}>{label}</span>
      <span className={styles.value}>{value}</span>
      <span className={styles.note}>{note}</span>
    </Link>
  );
}
