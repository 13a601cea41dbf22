// Which aliases and which models were asked most; each leads to its own usage.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { asProblem } from "@/api/problem.ts";
import { Ago } from "@/components/Ago.tsx";
import { Clip, endOfName } from "@/components/Clip.tsx";
import { Figure } from "@/components/charts/Figure.tsx";
import { Ranks } from "@/components/charts/Ranks.tsx";
import { duration, rate } from "@/lib/units.ts";
import { type UsageSearch, type UsageSpan, without } from "@/lib/usageSearch.ts";

import styles from "./Measured.module.css";
import { t } from "./messages.en.ts";
import { aliasesUsedQuery, csvOf, type Figures, modelsUsedQuery } from "./report.ts";

interface Props {
  readonly span: UsageSpan;
  readonly search: UsageSearch;
}

const MOST = 8;
const FIGURE_HEADS = [t.requests, t.success, t.firstToken, t.speed] as const;

export function AliasesFigure({ span, search }: Props) {
  const { data, error } = useQuery(aliasesUsedQuery(span));
  const rows = data?.aliases ?? [];
  const name = ({ id, alias, source }: (typeof rows)[number]) =>
    source === "draft" ? (
      t.trialOf(alias)
    ) : id === null ? (
      alias
    ) : (
      <Link to="/usage" search={{ ...without(search, "alias", "model"), alias: id }}>
        <Clip text={alias} keep={endOfName(alias)} />
      </Link>
    );
  return (
    <Figure
      title={t.aliases}
      note={t.aliasesNote}
      csv={csvOf("aliases", span)}
      empty={emptyOf(error, data !== undefined && rows.length === 0, t.aliasesNone)}
      twin={{
        heads: [t.alias, t.kind, ...FIGURE_HEADS, t.lastUsed],
        rows: rows.map((row) => [
          name(row),
          t.kinds[row.source] ?? row.source,
          ...cellsOf(row.figures),
          row.last_used === null ? null : <Ago then={row.last_used} />,
        ]),
      }}
    >
      <Ranks
        ranks={rows.slice(0, MOST).map((row) => ({
          key: `${row.source} ${row.uid}`,
          label: name(row),
          parts: [
            {
              tone: row.source === "user" ? "first" : row.source === "model" ? "second" : "third",
              value: row.figures.requests,
            },
          ],
          text: t.count(row.figures.requests),
        }))}
      />
      {rows.length > MOST ? <p className={styles.more}>{t.moreIn(rows.length - MOST)}</p> : null}
    </Figure>
  );
}

export function ModelsFigure({ span, search }: Props) {
  const { data, error } = useQuery(modelsUsedQuery(span));
  const rows = data?.models ?? [];
  const name = (model: string) => (
    <Link to="/usage" search={{ ...without(search, "alias", "model"), model }}>
      <Clip text={model} keep={endOfName(model)} />
    </Link>
  );
  return (
    <Figure
      title={t.models}
      note={t.aliasesNote}
      csv={csvOf("models", span)}
      empty={emptyOf(error, data !== undefined && rows.length === 0, t.modelsNone)}
      twin={{
        heads: [t.model, ...FIGURE_HEADS],
        rows: rows.map(({ model, figures }) => [name(model), ...cellsOf(figures)]),
      }}
    >
      <Ranks
        ranks={rows.slice(0, MOST).map(({ model, figures }) => ({
          key: model,
          label: name(model),
          parts: [{ tone: "first", value: figures.requests }],
          text: t.count(figures.requests),
        }))}
      />
      {rows.length > MOST ? <p className={styles.more}>{t.moreIn(rows.length - MOST)}</p> : null}
    </Figure>
  );
}

function cellsOf(figures: Figures): readonly (string | null)[] {
  const { success, first_token_ms: first, tokens_per_s: speed } = figures;
  return [
    t.count(figures.requests),
    success === null ? null : t.percent(success),
    first === null ? null : duration(first),
    speed === null ? null : rate(speed),
  ];
}

function emptyOf(error: Error | null, isEmpty: boolean, words: string): string | null {
  if (error !== null) return asProblem(error).message;
  return isEmpty ? words : null;
}
