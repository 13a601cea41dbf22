// Every value that applies, which layer gives it, and which layers it overrules.
import { SegmentedControl } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";

import type { AliasDetail, EffectiveValue, JsonValue } from "@/api/types.ts";
import { valueText } from "@/lib/values.ts";
import { t } from "@/messages.en.ts";

import styles from "./ValuesPanel.module.css";

const WHICH = [
  { value: "set", label: t.detail.onlySet },
  { value: "all", label: t.detail.allValues },
];
const INHERITED: ReadonlySet<string> = new Set(["bodhi default", "engine default"]);

interface Props {
  readonly values: readonly EffectiveValue[];
  /** What the alias sets: here for the ranges that it keeps requests in. */
  readonly set: AliasDetail["set"];
}

export function ValuesPanel({ values, set }: Props) {
  const bounds = new Map(set.map((one) => [one.key, one.bounds]));
  const [which, setWhich] = useState("set");
  const matters = (one: EffectiveValue) =>
    !INHERITED.has(one.layer) || (bounds.get(one.key) ?? null) !== null;
  const shown = which === "all" ? values : values.filter(matters);
  const groups = Map.groupBy(shown, (one) => one.group);
  return (
    <div className={styles.panel}>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t.detail.which}
        data={WHICH}
        value={which}
        onChange={setWhich}
      />
      {shown.length === 0 ? <p className={styles.none}>{t.detail.nothingSet}</p> : null}
      {[...groups].map(([group, some]) => (
        <section key={group} aria-label={group}>
          <h3 className={styles.group}>{group}</h3>
          {some.map((one) => (
            <Value key={one.key} one={one} bounds={bounds.get(one.key) ?? null} />
          ))}
        </section>
      ))}
    </div>
  );
}

interface ValueProps {
  readonly one: EffectiveValue;
  readonly bounds: readonly number[] | null;
}

function Value({ one, bounds }: ValueProps) {
  const [lowest, highest] = bounds ?? [];
  return (
    <details className={styles.value}>
      <summary>
        <IconChevronRight size={14} aria-hidden />
        <span className={styles.label}>
          {one.label}
          <code>{one.key}</code>
        </span>
        <span className={styles.figure}>
          <Figure value={one.value} unit={one.unit} />
          {lowest === undefined || highest === undefined ? null : (
            <span className={styles.within}>
              {t.detail.within(String(lowest), String(highest))}
            </span>
          )}
          <span data-layer={one.layer}>{t.detail.layers[one.layer]}</span>
        </span>
      </summary>
      <ol className={styles.ladder} aria-label={t.detail.ladder(one.label)}>
        {one.ladder.map((rung, place) => (
          <li key={rung.layer} data-wins={place === 0}>
            <span>{t.detail.layers[rung.layer]}</span>
            <Figure value={rung.value} unit={one.unit} />
            <span>{place === 0 ? t.detail.wins : t.detail.lost}</span>
          </li>
        ))}
      </ol>
      {one.applies === "reload" ? <p className={styles.reload}>{t.detail.reload}</p> : null}
    </details>
  );
}

function Figure({ value, unit }: { readonly value: JsonValue; readonly unit: string | null }) {
  if (value === null) return <span className={styles.open}>{t.detail.engineDecides}</span>;
  return (
    <span className={styles.mono}>
      {valueText(value)}
      {unit === null ? null : <span className={styles.unit}>{unit}</span>}
    </span>
  );
}
