// Every value that applies, which layer gives it, and which layers it overrules.
import { Select } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";

import type { AliasDetail, EffectiveValue, JsonValue } from "@/api/types.ts";
import { valueText } from "@/lib/values.ts";
import { Segments } from "@/components/Segments.tsx";
import { t } from "@/messages.en.ts";

import { type Reference, useReference } from "./useReference.ts";
import styles from "./ValuesPanel.module.css";

const WHICH = [
  { value: "set", label: t.detail.onlySet },
  { value: "all", label: t.detail.allValues },
];
const DIFFERING = { value: "differing", label: t.detail.differing };
const INHERITED: ReadonlySet<string> = new Set(["bodhi default", "engine default"]);

export function ValuesPanel({ alias }: { readonly alias: AliasDetail }) {
  const { effective: values, set } = alias;
  const bounds = new Map(set.map((one) => [one.key, one.bounds]));
  const [which, setWhich] = useState("set");
  const reference = useReference(alias.id);
  const differs = (one: EffectiveValue) => reference.values !== null && isOther(one, reference);
  const matters = (one: EffectiveValue) =>
    !INHERITED.has(one.layer) || (bounds.get(one.key) ?? null) !== null || differs(one);
  const narrow = { all: () => true, set: matters, differing: differs }[which] ?? matters;
  const shown = values.filter(narrow);
  const groups = Map.groupBy(shown, (one) => one.group);
  return (
    <div className={styles.panel}>
      <Segments
        wide
        label={t.detail.which}
        data={reference.values === null ? WHICH : [...WHICH, DIFFERING]}
        value={which}
        onChange={setWhich}
      />
      {reference.pinned.length === 0 ? null : (
        <Select
          size="xs"
          aria-label={t.detail.reference}
          placeholder={t.detail.noReference}
          clearable
          data={reference.pinned.map(({ id, name }) => ({
            value: id,
            label: t.detail.besideOf(name),
          }))}
          value={reference.id}
          onChange={(id) => {
            reference.choose(id);
            if (id === null && which === DIFFERING.value) setWhich("set");
          }}
        />
      )}
      {shown.length === 0 ? <p className={styles.none}>{t.detail.nothingSet}</p> : null}
      {[...groups].map(([group, some]) => (
        <section key={group} aria-label={group}>
          <h3 className={styles.group}>{group}</h3>
          {some.map((one) => (
            <Value
              key={one.key}
              one={one}
              bounds={bounds.get(one.key) ?? null}
              reference={reference}
            />
          ))}
        </section>
      ))}
    </div>
  );
}

interface ValueProps {
  readonly one: EffectiveValue;
  readonly bounds: readonly number[] | null;
  readonly reference: Reference;
}

function isOther({ key, value }: EffectiveValue, { values }: Reference): boolean {
  return JSON.stringify(values?.get(key)?.value ?? null) !== JSON.stringify(value ?? null);
}

function Value({ one, bounds, reference }: ValueProps) {
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
        <Beside one={one} reference={reference} />
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

/** The same value of the alias that is pinned beside; where it is another one, that is said. */
function Beside({ one, reference }: { one: EffectiveValue; reference: Reference }) {
  if (reference.values === null) return null;
  const other = reference.values.get(one.key);
  const differs = isOther(one, reference);
  return (
    <span
      className={styles.beside}
      data-differs={differs}
      title={t.detail.besideOf(reference.name)}
    >
      <Figure value={other?.value ?? null} unit={one.unit} />
      <span>{differs ? t.detail.differs : t.detail.same}</span>
    </span>
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
