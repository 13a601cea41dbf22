// What a group's header says and offers beside its name: how its aliases are used, what can be done to
// all of them.
import { Menu } from "@mantine/core";
import {
  IconArrowsVertical,
  IconDownload,
  IconFold,
  IconPlayerPlay,
  IconSelectAll,
} from "@tabler/icons-react";
import { useState } from "react";

import type { AliasRow } from "@/api/types.ts";
import { IconButton } from "@/components/IconButton.tsx";
import { SmallIcon } from "@/components/Icons.tsx";
import { t as words } from "@/components/alias/messages.en.ts";
import type { GroupRow } from "@/lib/rows.ts";
import { t } from "@/messages.en.ts";

import styles from "./GroupParts.module.css";
import type { Usage } from "./rows.ts";
import type { RowActions } from "./useRowFocus.ts";

interface ActivityProps {
  readonly row: GroupRow<AliasRow>;
  readonly usage: Usage;
}

/** Requests in flight now, requests of the last day; nothing where there were none. */
export function GroupActivity({ row, usage }: ActivityProps) {
  let now = 0;
  let day = 0;
  for (const { id } of row.items) {
    const one = usage.get(id);
    now += one?.in_flight ?? 0;
    day += one?.figures.requests ?? 0;
  }
  return (
    <>
      {day === 0 ? null : <span className={styles.day}>{t.usage.requests(day)}</span>}
      {now === 0 ? null : <span className={styles.now}>{t.list.inFlight(now)}</span>}
    </>
  );
}

interface MenuProps {
  readonly row: GroupRow<AliasRow>;
  readonly actions: RowActions;
  readonly size?: number;
  readonly tabIndex?: number;
}

const ICON = { size: 15, stroke: 1.7 } as const;

export function GroupMenu({ row, actions, size = 28, tabIndex = 0 }: MenuProps) {
  const [opened, setOpened] = useState<boolean | null>(null);
  const button = (
    <IconButton
      size={size}
      tabIndex={tabIndex}
      aria-label={words.more(row.key)}
      aria-haspopup="menu"
      onClick={(event) => {
        event.stopPropagation();
        setOpened(opened !== true);
      }}
    >
      <SmallIcon name="dots" size={16} />
    </IconButton>
  );
  // Made when it is asked for, because a list has many.
  if (opened === null) return button;
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" shadow="md" width={210}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown
        onClick={(event) => {
          // A portal's clicks reach the header as well, which would fold it.
          event.stopPropagation();
        }}
      >
        <Items row={row} actions={actions} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Items({ row, actions }: Omit<MenuProps, "size" | "tabIndex">) {
  const able = row.items.find((one) => one.state !== "error");
  const own = row.items.filter((one) => one.source === "user");
  const areMarked = row.items.every(actions.isMarked);
  return (
    <>
      <Menu.Item
        leftSection={<IconSelectAll {...ICON} />}
        onClick={() => {
          actions.markAll(row.items);
        }}
      >
        {areMarked ? t.list.unmarkAll(row.count) : t.list.markAll(row.count)}
      </Menu.Item>
      {able === undefined ? null : (
        <Menu.Item
          leftSection={<IconPlayerPlay {...ICON} />}
          onClick={() => {
            actions.tryIt(able);
          }}
        >
          {t.list.tryOne(able.name)}
        </Menu.Item>
      )}
      {own.length === 0 ? null : (
        <Menu.Item
          leftSection={<IconDownload {...ICON} />}
          onClick={() => {
            actions.exportFiles(own);
          }}
        >
          {words.exportSome(own.length)}
        </Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Item
        leftSection={<IconFold {...ICON} />}
        onClick={() => {
          actions.foldAll(true);
        }}
      >
        {t.list.foldAll}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconArrowsVertical {...ICON} />}
        onClick={() => {
          actions.foldAll(false);
        }}
      >
        {t.list.unfoldAll}
      </Menu.Item>
    </>
  );
}
