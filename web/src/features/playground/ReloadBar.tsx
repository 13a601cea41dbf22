// What needs the model loaded anew is not done by itself: it says what it costs, and waits.
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";

import { enginesQuery } from "@/api/queries.ts";
import { foretell } from "@/api/trials.ts";
import type { Engine } from "@/api/types.ts";
import { announce } from "@/components/announcer.ts";
import { bytes, duration } from "@/lib/units.ts";

import styles from "./ConfigPane.module.css";
import { t } from "./messages.en.ts";
import type { Thread } from "./thread.ts";
import type { Config } from "./useConfig.ts";

const SETTLED_MS = 200;

interface Props {
  readonly config: Config;
  readonly thread: Thread;
}

export function ReloadBar({ config, thread }: Props) {
  const { pending, params, store } = config;
  if (pending.length === 0) return null;
  const labels = params.filter(({ key }) => pending.includes(key)).map(({ label }) => label);
  return (
    <div className={styles.reload} role="status">
      <p>{t.pending(labels.join(", "))}</p>
      <ReloadButton
        config={config}
        thread={thread}
        onClick={() => {
          store.apply();
          announce(t.appliedToast);
        }}
      />
    </div>
  );
}

function ReloadButton({ config, thread, onClick }: Props & { readonly onClick: () => void }) {
  const { alias } = config;
  const [asked] = useDebouncedValue(JSON.stringify(config.all), SETTLED_MS);
  const engines = useQuery(enginesQuery).data ?? [];
  const needs = useQuery({
    queryKey: ["foretell", alias.name, alias.etag, asked],
    queryFn: ({ signal }) =>
      foretell({ alias: alias.name, edits: JSON.parse(asked) as Config["all"] }, signal),
    retry: false,
    staleTime: 0,
  });
  return (
    <Button variant="default" onClick={onClick}>
      {needs.data === false
        ? t.reloadNone
        : costOf(lastLoad(engines, thread, alias.filename), alias.size_bytes)}
    </Button>
  );
}

/** In milliseconds, as long as it took the last time; null where it was never loaded. */
function lastLoad(
  engines: readonly Engine[],
  { turns }: Thread,
  filename: string | null,
): number | null {
  const engine = engines.find((one) => one.model === filename && one.load_seconds !== null);
  if (engine?.load_seconds !== undefined && engine.load_seconds !== null)
    return engine.load_seconds * 1000;
  const loads = turns.flatMap((turn) =>
    turn.role === "user" ? [] : [turn.trial.timings?.phases.loading ?? 0],
  );
  return loads.findLast((took) => took > 0) ?? null;
}

function costOf(lastMs: number | null, size: number | null): string {
  if (lastMs !== null) return t.reloadAbout(duration(lastMs));
  return size === null ? t.reload : t.reloadSize(bytes(size));
}
