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
import type { Conversation } from "./Conversation.ts";
import { t } from "./messages.en.ts";
import type { Thread } from "./thread.ts";
import type { Config } from "./useConfig.ts";
import { usePartOf } from "./useConversation.ts";

const SETTLED_MS = 200;

interface Props {
  readonly config: Config;
  readonly conversation: Conversation;
}

export function ReloadBar({ config, conversation }: Props) {
  const { pending, params, store } = config;
  if (pending.length === 0) return null;
  const labels = params.filter(({ key }) => pending.includes(key)).map(({ label }) => label);
  return (
    <div className={styles.reload} role="status">
      <p>{t.pending(labels.join(", "))}</p>
      <ReloadButton
        config={config}
        conversation={conversation}
        onClick={() => {
          store.apply();
          announce(t.appliedToast);
        }}
      />
    </div>
  );
}

function ReloadButton({ config, conversation, onClick }: Props & { readonly onClick: () => void }) {
  const { alias } = config;
  const lastHere = usePartOf(conversation, lastLoad);
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
        : costOf(loadOf(engines, alias.filename) ?? lastHere, alias.size_bytes)}
    </Button>
  );
}

/** In milliseconds, as long as the engine of a file took; null where none has said so. */
function loadOf(engines: readonly Engine[], filename: string | null): number | null {
  const engine = engines.find((one) => one.model === filename && one.load_seconds !== null);
  const seconds = engine?.load_seconds ?? null;
  return seconds === null ? null : seconds * 1000;
}

/** In milliseconds, as the last load of this thread took; null where there was none. */
function lastLoad({ turns }: Thread): number | null {
  const loads = turns.map((turn) =>
    turn.role === "user" ? 0 : (turn.trial.timings?.phases.loading ?? 0),
  );
  return loads.findLast((took) => took > 0) ?? null;
}

function costOf(lastMs: number | null, size: number | null): string {
  if (lastMs !== null) return t.reloadAbout(duration(lastMs));
  return size === null ? t.reload : t.reloadSize(bytes(size));
}
