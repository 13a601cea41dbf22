// All of it on one page: what it begins with, its name, its values; beside them a test and the end.
import { Panel } from "@/components/Panel.tsx";

import { Beginning } from "./Beginning.tsx";
import styles from "./Create.module.css";
import type { Said } from "./CreateScreen.tsx";
import { Finish, Saying } from "./Finish.tsx";
import { t } from "./messages.en.ts";
import { NameFields } from "./NameFields.tsx";
import type { Create } from "./useCreate.ts";
import { Values } from "./Values.tsx";

interface Props {
  readonly create: Create;
  readonly said: Said | null;
  readonly busy: boolean;
  readonly onCreate: () => void;
}

const PARTS = [Beginning, NameFields, Values];

export function OnePage({ create, said, busy, onCreate }: Props) {
  return (
    <div className={styles.page}>
      <div className={styles.parts}>
        {PARTS.map((Part, step) => (
          <Panel key={t.steps[step]} title={t.steps[step] ?? ""}>
            <Part create={create} />
            <Saying said={said} step={step} />
          </Panel>
        ))}
      </div>
      <Finish create={create} said={said} busy={busy} onCreate={onCreate} />
    </div>
  );
}
