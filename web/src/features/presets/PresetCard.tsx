// One preset: what it is for, why, what it sets, and what can be done with it.
import { ActionIcon, Button, Menu } from "@mantine/core";
import {
  IconCopy,
  IconCursorText,
  IconDots,
  IconDownload,
  IconPencil,
  IconPlus,
  IconTrash,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";

import type { Parameter, Preset } from "@/api/types.ts";
import type { Setting } from "@/components/params/setting.ts";
import { valueText } from "@/lib/values.ts";

import { t } from "./messages.en.ts";
import styles from "./PresetCard.module.css";
import { settingsIn } from "@/components/params/edits.ts";

export type PresetCommand = "copy" | "rename" | "export" | "delete";

interface Props {
  readonly preset: Preset;
  readonly params: ReadonlyMap<string, Parameter>;
  readonly onCommand: (command: PresetCommand, preset: Preset) => void;
}

const ICON = { size: 15, stroke: 1.7 } as const;

export function PresetCard({ preset, params, onCommand }: Props) {
  const id = useId();
  const isOwn = preset.source === "own";
  const settings = [...settingsIn(preset)];
  const item = (command: PresetCommand, label: string, icon: ReactNode) => (
    <Menu.Item
      leftSection={icon}
      data-danger={command === "delete" || undefined}
      onClick={() => {
        onCommand(command, preset);
      }}
    >
      {label}
    </Menu.Item>
  );
  return (
    <article className={styles.card} aria-labelledby={id}>
      <header className={styles.head}>
        <h3 id={id}>{preset.title}</h3>
        <code>{preset.name}</code>
      </header>
      <p className={styles.about}>{preset.about}</p>
      <dl className={styles.values} aria-label={t.values(preset.title)}>
        {settings.map(([key, setting]) => (
          <div key={key} title={params.get(key)?.help}>
            <dt>{params.get(key)?.label ?? key}</dt>
            <dd>{settingText(setting)}</dd>
          </div>
        ))}
      </dl>
      <footer className={styles.foot}>
        <Button
          variant="default"
          leftSection={<IconPlus {...ICON} aria-hidden />}
          aria-label={t.createAliasFrom(preset.title)}
          renderRoot={(props) => (
            <Link to="/aliases/new" search={{ from: `preset:${preset.name}` }} {...props} />
          )}
        >
          {t.createAlias}
        </Button>
        {isOwn ? (
          <Button
            variant="subtle"
            leftSection={<IconPencil {...ICON} aria-hidden />}
            aria-label={`${t.edit} ${preset.title}`}
            renderRoot={(props) => <Link to="/presets" search={{ edit: preset.name }} {...props} />}
          >
            {t.edit}
          </Button>
        ) : null}
        <Menu position="bottom-end" shadow="md" width={190}>
          <Menu.Target>
            <ActionIcon className={styles.more ?? ""} aria-label={t.more(preset.title)}>
              <IconDots size={16} stroke={1.7} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {item("export", t.exportIt, <IconDownload {...ICON} />)}
            {item("copy", t.copyIt, <IconCopy {...ICON} />)}
            {isOwn ? (
              <>
                {item("rename", t.rename, <IconCursorText {...ICON} />)}
                {item("delete", t.delete, <IconTrash {...ICON} />)}
              </>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      </footer>
    </article>
  );
}

function settingText({ mode, value, bounds }: Setting): string {
  const shown = typeof value === "number" ? value.toLocaleString("en") : plain(value);
  if (mode === "clamp" && bounds !== null) {
    const within = t.clamped(String(bounds[0]), String(bounds[1]));
    return shown === "" ? within : `${shown} (${within})`;
  }
  return mode === "enforce" ? `${shown} (${t.policies.enforce})` : shown;
}

/** One word stands without quotes; what has spaces or escapes keeps them. */
function plain(value: unknown): string {
  return typeof value === "string" && /^[\w.-]+$/.test(value) ? value : valueText(value);
}
