// The last day's requests, hour by hour; without any, the line that makes the first.
import { useQuery } from "@tanstack/react-query";

import { asProblem, inOneLine } from "@/api/problem.ts";
import { activityQuery } from "@/api/usage.ts";
import { CodeText } from "@/components/CodeText.tsx";
import { CopyButton } from "@/components/CopyButton.tsx";
import { Panel } from "@/components/Panel.tsx";
import { Notice } from "@/components/Problems.tsx";
import { UsageBars } from "@/components/UsageBars.tsx";
import { curlOf } from "@/lib/snippets.ts";

import styles from "./Panels.module.css";
import { t } from "./messages.en.ts";

export function ActivityPanel({ anyName }: { readonly anyName: string | null }) {
  const { data, error } = useQuery(activityQuery);
  const points = data?.points ?? [];
  const total = points.reduce((sum, point) => sum + point.figures.requests, 0);
  return (
    <Panel
      title={t.activity}
      aside={data === undefined ? null : <span className={styles.meta}>{t.requests(total)}</span>}
    >
      {error === null ? null : <Notice text={inOneLine(asProblem(error))} />}
      {data === undefined && error === null ? <div className={styles.chart} aria-busy /> : null}
      {data !== undefined && total === 0 ? <First name={anyName} /> : null}
      {data === undefined || total === 0 ? null : (
        <UsageBars label={t.activity} points={points} span={{ ...data, every: "hour" }} />
      )}
    </Panel>
  );
}

function First({ name }: { readonly name: string | null }) {
  const command = curlOf(location.origin, name ?? "");
  return (
    <div className={styles.first}>
      <p>{t.activityNone}</p>
      <div className={styles.command}>
        <CodeText label={t.inShell} text={command} />
        <CopyButton text={command} what={t.inShell} />
      </div>
    </div>
  );
}
