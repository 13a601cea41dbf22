// The values that an answer was really made with, each with what decided it, and the request's id.
import type { Layer } from "@/api/types.ts";
import { CopyButton } from "@/components/CopyButton.tsx";
import type { TrialState } from "@/lib/trial.ts";
import { valueText } from "@/lib/values.ts";
import { t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import styles from "./Figures.module.css";

export function InForce({ trial }: { readonly trial: TrialState }) {
  const { inForce, requestId, seed } = trial;
  if (requestId === null) return null;
  return (
    <details className={styles.inForce}>
      <summary>{t.inForce(inForce.length)}</summary>
      <p>
        {t.requestId}
        <code>{requestId}</code>
        <CopyButton text={requestId} what={requestId} />
        {seed === null ? null : (
          <>
            {t.seed}
            <code>{seed}</code>
          </>
        )}
      </p>
      {inForce.length === 0 ? null : (
        <table className={styles.values}>
          <thead>
            <tr>
              <th scope="col">{t.parameter}</th>
              <th scope="col">{t.value}</th>
              <th scope="col">{t.from}</th>
            </tr>
          </thead>
          <tbody>
            {inForce.map(({ key, value, layer }) => (
              <tr key={key}>
                <th scope="row">{key}</th>
                <td>{valueText(value)}</td>
                <td>{words.detail.layers[layer as Layer]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
