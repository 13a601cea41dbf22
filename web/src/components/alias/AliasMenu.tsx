// Everything that can be done to an alias; made when it is asked for, because a list has many.
import { Menu } from "@mantine/core";
import {
  IconCopy,
  IconCursorText,
  IconDownload,
  IconPencil,
  IconPin,
  IconPinnedOff,
  IconTag,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";

import type { AliasRow } from "@/api/types.ts";
import { IconButton } from "@/components/IconButton.tsx";
import { SmallIcon } from "@/components/Icons.tsx";

import { t as words } from "./messages.en.ts";
import type { AliasCommands } from "./useAliasCommands.tsx";

interface Props {
  readonly row: AliasRow;
  readonly commands: AliasCommands;
  readonly size?: number;
  /** In a grid, whose rows have the tab stop. */
  readonly tabIndex?: number;
}

const ICON = { size: 15, stroke: 1.7 } as const;

export function AliasMenu({ row, commands, size = 32, tabIndex = 0 }: Props) {
  const [opened, setOpened] = useState<boolean | null>(null);
  const button = (
    <IconButton
      size={size}
      tabIndex={tabIndex}
      aria-label={words.more(row.name)}
      aria-haspopup="menu"
      onClick={(event) => {
        event.stopPropagation();
        setOpened(opened !== true);
      }}
    >
      <SmallIcon name="dots" size={size > 32 ? 18 : 16} />
    </IconButton>
  );
  if (opened === null) return button;
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" shadow="md" width={180}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown
        onClick={(event) => {
          // A portal's clicks reach the row as well, which would open it.
          event.stopPropagation();
        }}
      >
        <Items row={row} commands={commands} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Items({ row, commands }: Props) {
  const run = (act: (row: AliasRow) => void) => () => {
    act(row);
  };
  const pin = (
    <Menu.Item
      leftSection={row.pinned ? <IconPinnedOff {...ICON} /> : <IconPin {...ICON} />}
      onClick={run(commands.pin)}
    >
      {row.pinned ? words.unpin : words.pin}
    </Menu.Item>
  );
  if (row.source === "model")
    return (
      <>
        <Menu.Item leftSection={<IconCopy {...ICON} />} onClick={run(commands.clone)}>
          {words.createCustom}
        </Menu.Item>
        {pin}
      </>
    );
  return (
    <>
      <Menu.Item leftSection={<IconPencil {...ICON} />} onClick={run(commands.edit)}>
        {words.edit}
      </Menu.Item>
      <Menu.Item leftSection={<IconCopy {...ICON} />} onClick={run(commands.clone)}>
        {words.clone}
      </Menu.Item>
      <Menu.Item leftSection={<IconCursorText {...ICON} />} onClick={run(commands.rename)}>
        {words.rename}
      </Menu.Item>
      <Menu.Item leftSection={<IconTag {...ICON} />} onClick={run(commands.tag)}>
        {words.tags}
      </Menu.Item>
      {pin}
      <Menu.Item
        leftSection={<IconDownload {...ICON} />}
        onClick={() => {
          commands.exportFiles([row]);
        }}
      >
        {words.export}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item leftSection={<IconTrash {...ICON} />} data-danger onClick={run(commands.remove)}>
        {words.delete}
      </Menu.Item>
    </>
  );
}
