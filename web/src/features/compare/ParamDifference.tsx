// Where the recipes differ, parameter by parameter.
import { Checkbox, Skeleton } from "@mantine/core";
import { useState } from "react";

import { Panel } from "@/components/Panel.tsx";
import { Scrolled } from "@/components/Scrolled.tsx";
import { valueText } from "@/lib/values.ts";
import { t as words } from "@/messages.en.ts";

import styles from "./CompareScreen.module.css";
import { comparedRows } from "./lanes.ts";
import { t } from "./messages.en.ts";
import type { Sides } from "./useSides.ts";

interface Props {
  readonly said: readonly string[];
  readonly sides: Sides;
}

export function ParamDifference({ said, sides }: Props) {
  const [only, setOnly] = useState(true);
  const { values, isLoading, problem } = sides;
  const rows = comparedRows(values).filter(({ differs }) => differs || !only);
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
      {isLoading ? (
        <Loading />
      ) : rows.length === 0 ? (
        <p className={styles.lead}>{problem === null ? t.allSame : t.notKnown}</p>
      ) : (
        <Scrolled className={styles.scroll} label={t.parameters}>
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
        </Scrolled>
      )}
      {values.includes(null) && !isLoading && problem === null ? (
        <p className={styles.lead}>{t.cannotServe}</p>
      ) : null}
    </Panel>
  );
}

const LINES = [0, 1, 2];

function Loading() {
  return (
    <div role="group" aria-busy aria-label={t.loading} className={styles.loading}>
      {LINES.map((line) => (
        <Skeleton key={line} height={28} radius={6} />
      ))}
    </div>
  );
}
