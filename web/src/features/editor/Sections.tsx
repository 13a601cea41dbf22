// On a phone the form is long and its groups are folded: the way to each of them, always at hand.
import { ActionIcon, Menu } from "@mantine/core";
import { IconListTree } from "@tabler/icons-react";
import { memo } from "react";

import type { Parameter } from "@/api/types.ts";
import { usePhone } from "@/components/usePhone.ts";

import styles from "./EditorScreen.module.css";
import { t } from "./messages.en.ts";

interface Props {
  readonly params: readonly Parameter[];
  readonly onOpen: (group: string) => void;
}

export const Sections = memo(function Sections({ params, onOpen }: Props) {
  if (!usePhone()) return null;
  const groups = [...new Set(params.map(({ group }) => group))];
  return (
    // The focus goes where the choice leads, and not back to this button.
    <Menu position="top-start" shadow="md" width={240} returnFocus={false}>
      <Menu.Target>
        <ActionIcon className={styles.sections ?? ""} aria-label={t.sections} title={t.sections}>
          <IconListTree size={18} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          onClick={() => {
            show(document.getElementById("basic-alias")?.closest("section"));
          }}
        >
          {t.basics}
        </Menu.Item>
        {groups.map((group) => (
          <Menu.Item
            key={group}
            onClick={() => {
              onOpen(group);
            }}
          >
            {group}
          </Menu.Item>
        ))}
        <Menu.Item
          onClick={() => {
            show(document.getElementById("editor-dock"));
          }}
        >
          {t.test}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
});

function show(section: HTMLElement | null | undefined): void {
  section?.scrollIntoView({ block: "start" });
  section?.querySelector<HTMLElement>("input, [role=tab]")?.focus({ preventScroll: true });
}
