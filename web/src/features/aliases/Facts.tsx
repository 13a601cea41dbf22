// Which model file an alias runs, in figures.
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";

import { aliasQuery } from "@/api/queries.ts";
import type { AliasDetail, AliasRow } from "@/api/types.ts";
import { Ago } from "@/components/Ago.tsx";
import { bytes } from "@/lib/units.ts";
import { t } from "@/messages.en.ts";

import styles from "./Facts.module.css";

const PresetOrigin = lazy(() => import("./PresetOrigin.tsx"));

export function Facts({ row }: { readonly row: AliasRow }) {
  const detail = useQuery(aliasQuery(row.id)).data;
  const model = detail?.model ?? null;
  return (
    <dl className={styles.facts}>
      <Fact name={t.detail.repository} value={row.repo} />
      <Fact name={t.detail.file} value={row.filename} mono />
      <Fact name={t.detail.snapshot} value={row.source === "user" ? row.snapshot : null} mono />
      <Fact name={t.detail.quantization} value={row.quantization} mono />
      <Fact name={t.detail.size} value={row.size_bytes === null ? null : bytes(row.size_bytes)} />
      <Fact name={t.detail.parameters} value={row.size_label} />
      <Fact
        name={t.detail.trained}
        value={model?.context_length == null ? null : t.detail.tokens(model.context_length)}
      />
      <Fact name={t.detail.template} value={templateOf(row)} />
      <Fact name={t.detail.preset} value={detail === undefined ? null : presetOf(detail)} />
      <Fact name={t.detail.license} value={model?.license ?? null} />
      <Fact name={t.detail.version} value={row.version === null ? null : String(row.version)} />
      <Fact name={t.detail.tags} value={row.tags.length === 0 ? null : row.tags.join(", ")} />
      <Fact name={t.detail.changed} value={<Ago then={row.modified_at} />} />
    </dl>
  );
}

/** What is unknown is left out: an empty line says nothing. */
function Fact(props: {
  readonly name: string;
  readonly value: ReactNode;
  readonly mono?: boolean;
}): ReactNode {
  if (props.value === null) return null;
  return (
    <div>
      <dt>{props.name}</dt>
      <dd data-mono={props.mono === true}>{props.value}</dd>
    </div>
  );
}

function presetOf({ preset, set }: AliasDetail): ReactNode {
  if (preset === null) return null;
  return (
    <Suspense fallback={preset}>
      <PresetOrigin said={preset} set={set} />
    </Suspense>
  );
}

function templateOf(row: AliasRow): string | null {
  if (row.chat_template === null) return null;
  const origin = t.detail.templates[row.chat_template.origin];
  const name = row.chat_template.name;
  return name === null ? origin : `${name}${t.separator}${origin}`;
}
