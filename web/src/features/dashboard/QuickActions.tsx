// What people come here to do, one click away.
import {
  type Icon,
  IconChevronRight,
  IconCopy,
  IconDatabase,
  IconFlask2,
  IconPlus,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import type { Dashboard } from "@/api/types.ts";
import { Panel } from "@/components/Panel.tsx";

import { t } from "./messages.en.ts";
import styles from "./Panels.module.css";

export function QuickActions({ dashboard }: { readonly dashboard: Dashboard }) {
  const popular = dashboard.most_active ?? dashboard.recent.find((one) => one.id !== null) ?? null;
  return (
    <Panel title={t.quick}>
      <ul className={styles.list}>
        <li>
          <Link to="/aliases/new" className={styles.action}>
            <Words Icon={IconPlus} title={t.quickCreate} text={t.quickCreateText} />
          </Link>
        </li>
        <li>
          {popular?.id ? (
            <Link to="/aliases" search={{ sel: popular.id }} className={styles.action}>
              <Words Icon={IconCopy} title={t.quickClone} text={t.quickCloneText(popular.alias)} />
            </Link>
          ) : (
            <span className={styles.action} data-idle>
              <Words Icon={IconCopy} title={t.quickClone} text={t.quickCloneNone} />
            </span>
          )}
        </li>
        <li>
          <Link to="/playground" className={styles.action}>
            <Words Icon={IconFlask2} title={t.quickPlayground} text={t.quickPlaygroundText} />
          </Link>
        </li>
        <li>
          <Link to="/models" className={styles.action}>
            <Words Icon={IconDatabase} title={t.quickModels} text={t.quickModelsText} />
          </Link>
        </li>
      </ul>
    </Panel>
  );
}

interface WordsProps {
  readonly Icon: Icon;
  readonly title: string;
  readonly text: string;
}

function Words({ Icon: Drawn, title, text }: WordsProps) {
  return (
    <>
      <Drawn size={18} stroke={1.6} aria-hidden />
      <span className={styles.words}>
        <span className={styles.title}>{title}</span>
        <span className={styles.meta}>{text}</span>
      </span>
      <IconChevronRight size={15} stroke={1.7} aria-hidden />
    </>
  );
}
