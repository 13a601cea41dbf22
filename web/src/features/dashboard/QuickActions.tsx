// What people come here to do, one click away.
import { Menu } from "@mantine/core";
import {
  type Icon,
  IconArrowsExchange,
  IconChartBar,
  IconChevronRight,
  IconCopy,
  IconDatabase,
  IconFlask2,
  IconMessage2Code,
  IconPlus,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";

import { aliasesQuery } from "@/api/queries.ts";
import type { AliasRow, Dashboard } from "@/api/types.ts";
import { aliasUsageQuery } from "@/api/usage.ts";
import { useAliasCommands } from "@/components/alias/useAliasCommands.tsx";
import { Clip, endOfName } from "@/components/Clip.tsx";
import { Panel } from "@/components/Panel.tsx";
import { t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import styles from "./Panels.module.css";

const TransferDialog = lazy(() => import("./TransferDialog.tsx"));

export function QuickActions({ dashboard }: { readonly dashboard: Dashboard | undefined }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
  };
  return (
    <Panel title={t.quick}>
      <ul className={styles.list}>
        <li>
          <Link to="/aliases/new" className={styles.action}>
            <Words Icon={IconPlus} title={t.quickCreate} text={t.quickCreateText} />
          </Link>
        </li>
        <li>
          <Link to="/aliases/new" search={{ from: "chat" }} className={styles.action}>
            <Words Icon={IconMessage2Code} title={t.quickChat} text={t.quickChatText} />
          </Link>
        </li>
        <li>
          <ClonePopular dashboard={dashboard} />
        </li>
        <li>
          <button
            type="button"
            className={styles.action}
            aria-haspopup="dialog"
            onClick={() => {
              setOpen(true);
            }}
          >
            <Words Icon={IconArrowsExchange} title={t.quickTransfer} text={t.quickTransferText} />
          </button>
        </li>
        <li>
          <Link to="/usage" className={styles.action}>
            <Words Icon={IconChartBar} title={t.quickUsage} text={t.quickUsageText} />
          </Link>
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
      <Suspense fallback={null}>{isOpen ? <TransferDialog onClose={close} /> : null}</Suspense>
    </Panel>
  );
}

const MOST = 5;

/** Those that were asked most in the last day, then those that were used last. */
function usePopular(
  dashboard: Dashboard | undefined,
): readonly { row: AliasRow; requests: number }[] {
  const { data } = useQuery(aliasesQuery);
  const usage = useQuery(aliasUsageQuery).data;
  const byId = new Map((data?.aliases ?? []).map((row) => [row.id, row]));
  const recent = dashboard?.recent ?? [];
  const ids = [...new Set([...(usage?.keys() ?? []), ...recent.flatMap(({ id }) => id ?? [])])];
  return ids
    .flatMap((id) => {
      const row = byId.get(id);
      return row === undefined ? [] : [{ row, requests: usage?.get(id)?.figures.requests ?? 0 }];
    })
    .sort((a, b) => b.requests - a.requests)
    .slice(0, MOST);
}

function ClonePopular({ dashboard }: { readonly dashboard: Dashboard | undefined }) {
  const popular = usePopular(dashboard);
  const { commands, dialogs } = useAliasCommands();
  const [first] = popular;
  if (first === undefined)
    return (
      <span className={styles.action} data-idle>
        <Words Icon={IconCopy} title={t.quickClone} text={t.quickCloneNone} />
      </span>
    );
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={340}>
        <Menu.Target>
          <button type="button" className={styles.action}>
            <Words Icon={IconCopy} title={t.quickClone} text={t.quickCloneText(first.row.name)} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {popular.map(({ row, requests }) => (
            <Menu.Item
              key={row.id}
              classNames={{ itemLabel: styles.popular ?? "" }}
              rightSection={<span className={styles.meta}>{words.usage.requests(requests)}</span>}
              onClick={() => {
                commands.clone(row);
              }}
            >
              <Clip text={row.name} keep={endOfName(row.name)} />
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {dialogs}
    </>
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
