// Where the recipes differ, parameter by parameter.
import { Checkbox } from "@mantine/core";
import { useState } from "react";

import type { EffectiveValue } from "@/api/types.ts";
import { Panel } from "@/components/Panel.tsx";
import { valueText } from "@/lib/values.ts";
import { t as words } from "@/messages.en.ts";

import styles from "./CompareScreen.module.css";
import { comparedRows } from "./lanes.ts";
import { t } from "./messages.en.ts";

interface Props {
  readonly said: readonly string[];
  readonly sides: readonly (readonly EffectiveValue[] | null)[];
}

export function ParamDifference({ said, sides }: Props) {
  const [only, setOnly] = useState(true);
  const rows = comparedRows(sides).filter(({ differs }) => differs || !only);
  return (
    <Panel
      title={t.parameters}
      aside={
        <Checkbox
          size="xs"
          label={t.onlyDifferences}
          checked={only}
          onChange={(event) => {
            setOnly(event.currentTarget.checked);
          }}
        />
      }
    >
      {rows.length === 0 ? (
        <p className={styles.lead}>{t.allSame}</p>
      ) : (
        // A table of four lanes may scroll sideways, and is then within reach of the keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={t.parameters}>
          <table className={styles.params}>
            <thead>
              <tr>
                <th scope="col">{t.parameter}</th>
                {said.map((one, at) => (
                  <th key={at} scope="col">
                    {one}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, label, values, differs }) => (
                <tr key={key} data-differs={differs}>
                  <th scope="row" title={key}>
                    {label}
                  </th>
                  {values.map((one, at) => (
                    <td key={at} title={one === null ? undefined : words.detail.layers[one.layer]}>
                      {one === null
                        ? words.unknown
                        : one.value === null
                          ? t.engineDecides
                          : valueText(one.value)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {sides.includes(null) ? <p className={styles.lead}>{t.cannotServe}</p> : null}
    </Panel>
  );
}
