// How a name becomes a file: request, alias, model file, and what was passed over on the way.
import type { ReactNode } from "react";

import type { Trace } from "@/api/types.ts";
import { CopyButton } from "@/components/CopyButton.tsx";
import { SourceMark } from "@/components/Marks.tsx";
import { Notice, ProblemCard } from "@/components/Problems.tsx";
import { t } from "@/messages.en.ts";

import styles from "./ResolutionPanel.module.css";

export function ResolutionPanel({ trace }: { readonly trace: Trace }) {
  const { matched, model, error } = trace;
  return (
    <div className={styles.panel}>
      <ol className={styles.path}>
        <Step name={t.detail.stepRequest}>
          <Line text={`"${t.detail.asked}": "${trace.request}"`} />
        </Step>
        {matched === null ? null : (
          <Step name={t.detail.stepAlias}>
            <div className={styles.line}>
              <strong>{matched.name}</strong>
              <SourceMark source={matched.source} />
            </div>
          </Step>
        )}
        {model === null ? null : (
          <Step name={t.detail.stepFile}>
            <span>{model.id}</span>
            <Line text={model.path} copy={t.detail.stepFile} />
          </Step>
        )}
      </ol>
      {error === null ? null : <ProblemCard title={t.detail.stopsHere} {...error} />}
      {trace.findings.map((finding) => (
        <Notice key={finding.code} text={finding.message} />
      ))}
      {trace.losers.length === 0 ? null : (
        <section className={styles.section}>
          <h3>{t.detail.passedOver}</h3>
          {trace.losers.map((loser) => (
            <p key={`${loser.source} ${loser.id}`}>
              <strong>{loser.name}</strong> {loser.reason}
            </p>
          ))}
        </section>
      )}
      <section className={styles.section}>
        <h3>{t.detail.steps}</h3>
        <dl>
          {trace.steps.map((step) => (
            <div key={step.looked_at}>
              <dt>{step.looked_at}</dt>
              <dd>{step.found}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}

function Step({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <li>
      <span className={styles.step}>{name}</span>
      {children}
    </li>
  );
}

function Line({ text, copy }: { readonly text: string; readonly copy?: string }) {
  return (
    <div className={styles.line}>
      <code>{text}</code>
      {copy === undefined ? null : <CopyButton text={text} what={copy} />}
    </div>
  );
}
