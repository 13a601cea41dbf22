// The end: what it will be, a test of it, and the button that makes it.
import { Button } from "@mantine/core";

import { fileNameOf } from "@/lib/fileName.ts";
import { t as words } from "@/messages.en.ts";

import { TestPane } from "../dock/TestPane.tsx";
import styles from "./Create.module.css";
import type { Said } from "./CreateScreen.tsx";
import { t } from "./messages.en.ts";
import type { Create } from "./useCreate.ts";

interface Props {
  readonly create: Create;
  readonly said: Said | null;
  readonly busy: boolean;
  readonly onCreate: () => void;
}

const AT_THE_END = t.steps.length - 1;

export function Finish({ create, said, busy, onCreate }: Props) {
  const { name, model, settings, making, validation } = create;
  const facts = [
    [t.name, name],
    [t.isModel, model?.id ?? validation?.recipe?.filename ?? ""],
    [t.isFile, name.trim() === "" ? "" : fileNameOf(name)],
    [t.steps[2], making.kind === "file" ? "" : t.valueCount(settings.size)],
  ] as const;
  return (
    <aside className={styles.finish} aria-label={t.summary}>
      <dl className={styles.facts}>
        {facts.map(([title, value]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{value === "" ? words.unknown : value}</dd>
          </div>
        ))}
      </dl>
      <Button className={styles.create ?? ""} loading={busy} onClick={onCreate}>
        {t.create}
      </Button>
      <Saying said={said} step={AT_THE_END} />
      <p className={styles.after}>{t.after}</p>
      <TestPane textOf={create.textOf} disabled={validation === null} />
    </aside>
  );
}

/** What keeps a step from being left. */
export function Saying({ said, step }: { readonly said: Said | null; readonly step: number }) {
  if (said?.step !== step) return null;
  return (
    <p id="create-said" className={styles.said} role="alert" tabIndex={-1}>
      {said.message}
    </p>
  );
}
