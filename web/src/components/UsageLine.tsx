// The last day of one alias in a line; a success rate only where there were enough requests.
import type { AliasUsage } from "@/api/types.ts";
import { Ago } from "@/components/Ago.tsx";
import { rate } from "@/lib/units.ts";
import { t } from "@/messages.en.ts";

import styles from "./UsageLine.module.css";

// Below this a share says more about chance than about the alias.
const ENOUGH = 20;

export function UsageLine({ usage }: { readonly usage: AliasUsage | undefined }) {
  if (usage === undefined) return <p className={styles.line}>{t.usage.none}</p>;
  const { requests, success, tokens_per_s: speed } = usage.figures;
  return (
    <p className={styles.line}>
      <span>{t.usage.requests(requests)}</span>
      <span>{successText(requests, success)}</span>
      {speed === null ? null : <span>{t.figures.perSecond(rate(speed))}</span>}
      {usage.last_used === null ? null : (
        <span>
          {t.usage.last} <Ago then={usage.last_used} />
        </span>
      )}
    </p>
  );
}

export function successText(requests: number, success: number | null): string {
  const share = shareText(requests, success);
  return share === null ? t.usage.notEnough : t.usage.success(share);
}

/** Null where so few requests would say little. */
export function shareText(requests: number, success: number | null): string | null {
  return success === null || requests < ENOUGH ? null : t.usage.share(success);
}
