// Every content that an alias has had; two of them compared, one of them brought back.
import { Button, Radio } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { asProblem } from "@/api/problem.ts";
import type { AliasDetail, Version } from "@/api/types.ts";
import { differenceQuery, restoreVersion, versionsQuery } from "@/api/versions.ts";
import { Ago } from "@/components/Ago.tsx";
import { ChangeTable, TextDifference } from "@/components/alias/ChangeTable.tsx";
import { attempt } from "@/components/alias/useAliasActions.ts";
import { ProblemCard } from "@/components/Problems.tsx";
import { toast } from "@/components/toast.ts";
import { t } from "@/messages.en.ts";

import styles from "./VersionsPanel.module.css";

export function VersionsPanel({ alias }: { readonly alias: AliasDetail }) {
  const { data, error } = useQuery({
    ...versionsQuery(alias.id),
    enabled: alias.source === "user",
  });
  const [chosen, setChosen] = useState<number | null>(null);
  if (alias.source === "model") return <p className={styles.none}>{t.versions.ofModel}</p>;
  if (error !== null) {
    const problem = asProblem(error);
    return <ProblemCard message={problem.message} remedy={problem.remedy} />;
  }
  if (data === undefined) return null;
  const current = data.find((one) => one.is_current) ?? data[0];
  const compared = chosen ?? data.find((one) => one !== current)?.version ?? null;
  const lines = (
    <ol className={styles.versions} data-many={data.length > 1}>
      {data.map((one) => (
        <VersionLine key={one.version} version={one} alias={alias} />
      ))}
    </ol>
  );
  return (
    <div className={styles.panel}>
      {/* A single one has nothing to be compared with. */}
      {data.length === 1 ? (
        lines
      ) : (
        <Radio.Group
          label={t.versions.choose}
          value={compared === null ? null : String(compared)}
          onChange={(value) => {
            setChosen(Number(value));
          }}
        >
          {lines}
        </Radio.Group>
      )}
      {current === undefined || compared === null || compared === current.version ? null : (
        <Compared id={alias.id} before={compared} after={current.version} />
      )}
    </div>
  );
}

interface LineProps {
  readonly version: Version;
  readonly alias: AliasDetail;
}

function VersionLine({ version, alias }: LineProps) {
  const queries = useQueryClient();
  const restore = () =>
    attempt(async () => {
      await restoreVersion(alias, version.version);
      await queries.invalidateQueries({ queryKey: ["aliases"] });
      await queries.invalidateQueries({ queryKey: ["versions", alias.id] });
      toast(t.versions.restored(version.version));
    });
  return (
    <li className={styles.version}>
      {version.is_current ? (
        <span className={styles.current}>{t.versions.nth(version.version)}</span>
      ) : (
        <Radio value={String(version.version)} label={t.versions.nth(version.version)} size="xs" />
      )}
      <span className={styles.note}>
        {version.note ?? t.versions.how[version.how]}
        {t.separator}
        <Ago then={version.saved_at} />
      </span>
      {version.is_current ? (
        <span className={styles.mark}>{t.versions.current}</span>
      ) : (
        <Button variant="default" onClick={() => void restore()}>
          {t.versions.restore}
        </Button>
      )}
    </li>
  );
}

function Compared(props: { readonly id: string; readonly before: number; readonly after: number }) {
  const { id, before, after } = props;
  const { data } = useQuery(differenceQuery(id, before, after));
  if (data === undefined) return null;
  return (
    <section className={styles.compared} aria-label={t.versions.compared(before, after)}>
      <h3>{t.versions.compared(before, after)}</h3>
      <ChangeTable changes={data.changes} heads={[t.versions.nth(before), t.versions.nth(after)]} />
      <TextDifference text={data.text} />
    </section>
  );
}
