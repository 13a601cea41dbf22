// How a program asks for an alias, ready to be copied; and what is like it.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { aliasesQuery } from "@/api/queries.ts";
import type { AliasDetail, AliasRow } from "@/api/types.ts";
import { CodeText } from "@/components/CodeText.tsx";
import { CopyButton } from "@/components/CopyButton.tsx";
import { SourceIcon } from "@/components/Marks.tsx";
import { curlOf, pythonOf } from "@/lib/snippets.ts";
import { t } from "@/messages.en.ts";

import styles from "./UsePanel.module.css";

export function UsePanel({ alias }: { readonly alias: AliasDetail }) {
  return (
    <div className={styles.panel}>
      <Snippet title={t.use.curl} text={curlOf(location.origin, alias.name)} />
      <Snippet title={t.use.python} text={pythonOf(location.origin, alias.name)} />
      <Related alias={alias} />
    </div>
  );
}

function Snippet({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div>
      <header className={styles.head}>
        <h3>{title}</h3>
        <CopyButton text={text} what={title} />
      </header>
      <CodeText className={styles.code} label={title} text={text} />
    </div>
  );
}

const MOST = 6;

function Related({ alias }: { readonly alias: AliasDetail }) {
  const { data } = useQuery(aliasesQuery);
  const related = relatedTo(alias, data?.aliases ?? []).slice(0, MOST);
  if (related.length === 0) return null;
  return (
    <section aria-label={t.use.related}>
      <header className={styles.head}>
        <h3>{t.use.related}</h3>
      </header>
      <ul className={styles.related}>
        {related.map(({ row, why }) => (
          <li key={row.id}>
            <Link to="/aliases/$id" params={{ id: row.id }}>
              <SourceIcon source={row.source} />
              <span>{row.name}</span>
              <span className={styles.why}>{why}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** On the same file first, then of the same family. */
function relatedTo(
  alias: AliasDetail,
  rows: readonly AliasRow[],
): readonly { readonly row: AliasRow; readonly why: string }[] {
  const others = rows.filter((row) => row.id !== alias.id);
  const same = others.filter((row) => row.repo === alias.repo && row.filename === alias.filename);
  const family = others.filter(
    (row) => !same.includes(row) && alias.family !== null && row.family === alias.family,
  );
  return [
    ...same.map((row) => ({ row, why: t.use.sameFile })),
    ...family.map((row) => ({ row, why: t.use.sameFamily })),
  ];
}
