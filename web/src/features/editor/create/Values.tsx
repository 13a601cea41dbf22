// The values that an alias begins with, each with its reason; all others are a click away.
import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useCallback, useState } from "react";

import type { Finding, FixShown, Parameter } from "@/api/types.ts";
import { patched, withSetting } from "@/components/params/edits.ts";
import { ParamGroups } from "@/components/params/ParamGroups.tsx";
import { type Setting, UNSET } from "@/components/params/setting.ts";
import { valueText } from "@/lib/values.ts";

import styles from "./Create.module.css";
import { t } from "./messages.en.ts";
import type { Create } from "./useCreate.ts";

const NONE: ReadonlySet<string> = new Set();
const NO_FINDINGS: readonly Finding[] = [];

export function Values({ create }: { readonly create: Create }) {
  const [isOpen, setOpen] = useState(false);
  const { params, settings, making, changeValues } = create;
  const change = useCallback(
    (key: string, setting: Setting) => {
      changeValues((now) => withSetting(now, key, setting));
    },
    [changeValues],
  );
  const fix = useCallback(
    ({ patch }: FixShown) => {
      changeValues((now) => patched(now, patch));
    },
    [changeValues],
  );
  if (making.kind === "file") return <p className={styles.hint}>{t.asInTheFile}</p>;
  const set = params.filter(({ key }) => settings.has(key));
  return (
    <div className={styles.fields}>
      {create.isBeginning ? (
        <p className={styles.hint}>{t.loading}</p>
      ) : set.length === 0 ? (
        <p className={styles.hint}>{t.noValues}</p>
      ) : (
        <ul className={styles.values} aria-label={t.values}>
          {set.map((param) => (
            <Value
              key={param.key}
              param={param}
              setting={settings.get(param.key) ?? UNSET}
              reason={reasonOf(param.key, create)}
              onLeave={() => {
                change(param.key, UNSET);
              }}
            />
          ))}
        </ul>
      )}
      <details
        className={styles.all}
        onToggle={(event) => {
          setOpen(event.currentTarget.open);
        }}
      >
        <summary>{t.allValues}</summary>
        {isOpen ? (
          <ParamGroups
            params={params}
            settings={settings}
            below={create.below}
            findings={create.validation?.findings ?? NO_FINDINGS}
            changed={NONE}
            onChange={change}
            onFix={fix}
            onWrong={create.onWrong}
          />
        ) : null}
      </details>
    </div>
  );
}

interface ValueProps {
  readonly param: Parameter;
  readonly setting: Setting;
  readonly reason: string;
  readonly onLeave: () => void;
}

function Value({ param, setting, reason, onLeave }: ValueProps) {
  const label = t.leaveOut(param.label);
  const value = setting.value === undefined ? "" : valueText(setting.value);
  return (
    <li className={styles.value}>
      <span className={styles.valueName}>{param.label}</span>
      <code>{setting.bounds === null ? value : setting.bounds.join(" … ")}</code>
      <span className={styles.reason}>{reason}</span>
      <ActionIcon size={28} aria-label={label} title={label} onClick={onLeave}>
        <IconX size={15} stroke={1.7} />
      </ActionIcon>
    </li>
  );
}

function reasonOf(key: string, { begun, settings }: Create): string {
  const isAsBegun = JSON.stringify(begun.settings.get(key)) === JSON.stringify(settings.get(key));
  return isAsBegun ? (begun.reasons.get(key) ?? "") : t.setByYou;
}
