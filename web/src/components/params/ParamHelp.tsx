// What a parameter does, how it is called, and where its range ends: on hover, focus and tap.
import { ActionIcon, Popover } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useRef, useState } from "react";

import type { Parameter } from "@/api/types.ts";

import { t } from "./messages.en.ts";
import styles from "./ParamHelp.module.css";

interface Props {
  readonly param: Parameter;
  /** Go to another parameter's row. */
  readonly onRelated?: (key: string) => void;
}

// Long enough to cross the gap between the button and the card.
const LEAVE_MS = 180;

export function ParamHelp({ param, onRelated }: Props) {
  const [opened, setOpened] = useState(false);
  const leaving = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stay = () => {
    clearTimeout(leaving.current);
    setOpened(true);
  };
  const leave = () => {
    clearTimeout(leaving.current);
    leaving.current = setTimeout(() => {
      setOpened(false);
    }, LEAVE_MS);
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      width={320}
      position="bottom-start"
      shadow="md"
      withinPortal
    >
      <Popover.Target>
        <ActionIcon
          size={22}
          className={styles.button ?? ""}
          aria-label={t.help(param.label)}
          onMouseEnter={stay}
          onMouseLeave={leave}
          onFocus={stay}
          onBlur={leave}
          onClick={stay}
          onKeyDown={(event) => {
            if (event.key === "Escape" && opened) {
              event.stopPropagation();
              setOpened(false);
            }
          }}
        >
          <IconInfoCircle size={15} stroke={1.7} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown
        className={styles.card ?? ""}
        aria-label={t.helpTitle(param.label)}
        onMouseEnter={stay}
        onMouseLeave={leave}
      >
        <HelpText param={param} {...(onRelated === undefined ? {} : { onRelated })} />
      </Popover.Dropdown>
    </Popover>
  );
}

export function HelpText({ param, onRelated }: Props) {
  return (
    <div className={styles.text}>
      <p>{param.help}</p>
      <dl>
        <dt>{t.names}</dt>
        <dd>
          <code>{[param.key, ...param.spellings].join(", ")}</code>
        </dd>
        {param.flags.length === 0 ? null : (
          <>
            <dt>{t.flags}</dt>
            <dd>
              <code>{param.flags.join(", ")}</code>
            </dd>
          </>
        )}
        <Range param={param} />
        {param.recommended === null ? null : (
          <>
            <dt>{t.recommended}</dt>
            <dd>
              {t.band(param.recommended.low, param.recommended.high, param.recommended.source)}
            </dd>
          </>
        )}
        <dt>{t.impact}</dt>
        <dd>{impactText(param)}</dd>
        {param.related.length === 0 ? null : (
          <>
            <dt>{t.related}</dt>
            <dd>
              {param.related.map((key) => (
                <button
                  key={key}
                  type="button"
                  className={styles.related}
                  onClick={() => onRelated?.(key)}
                >
                  {key}
                </button>
              ))}
            </dd>
          </>
        )}
      </dl>
      <p className={styles.applies}>{t.applies[param.applies]}</p>
    </div>
  );
}

function Range({ param: { low, high, specials } }: Props) {
  if (low === null && high === null) return null;
  const shown = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 6 });
  return (
    <>
      <dt>{t.range}</dt>
      <dd>
        {low === null ? null : <span>{t.from(shown(low.value), low.reason)}</span>}
        {high === null ? null : <span>{t.to(shown(high.value), high.reason)}</span>}
        {specials.map((one) => (
          <span key={one.value}>{t.special(one.value, one.meaning)}</span>
        ))}
      </dd>
    </>
  );
}

const IMPACTS = ["quality", "speed", "memory"] as const;

export function impactText({ impact }: Parameter): string {
  const some = IMPACTS.filter((one) => impact[one] !== "none");
  if (some.length === 0) return t.degrees.none;
  return some.map((one) => `${t.impacts[one]}: ${t.degrees[impact[one]]}`).join(", ");
}
