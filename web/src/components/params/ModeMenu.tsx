// How far the alias has the last word: unset, default, enforced, clamped.
import { Button, Menu } from "@mantine/core";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";

import styles from "./ParamRow.module.css";
import { t } from "./messages.en.ts";
import type { Mode } from "./setting.ts";

interface Props {
  readonly label: string;
  readonly mode: Mode;
  readonly modes: readonly Mode[];
  readonly disabled: boolean;
  readonly onChange: (mode: Mode) => void;
}

export function ModeMenu({ label, mode, modes, disabled, onChange }: Props) {
  return (
    <Menu position="bottom-end" shadow="md" width={250}>
      <Menu.Target>
        <Button
          size="compact-xs"
          variant={mode === "unset" ? "subtle" : "default"}
          className={styles.mode ?? ""}
          aria-label={`${t.mode(label)}: ${t.modes[mode]}`}
          disabled={disabled}
          rightSection={<IconChevronDown size={12} aria-hidden />}
        >
          {t.modes[mode]}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {modes.map((one) => (
          <Menu.Item
            key={one}
            leftSection={
              one === mode ? (
                <IconCheck size={14} aria-hidden />
              ) : (
                <span className={styles.noCheck} />
              )
            }
            onClick={() => {
              onChange(one);
            }}
          >
            <span className={styles.modeName}>{t.modes[one]}</span>
            <span className={styles.modeMeans}>{t.modeMeans[one]}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
