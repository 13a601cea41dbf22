// A picture of figures with its twins: the same as a table, and as a file for a spreadsheet.
import { ActionIcon, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconChartBar, IconDownload, IconTable } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";

import { Scrolled } from "@/components/Scrolled.tsx";

import styles from "./Figure.module.css";
import { t } from "./messages.en.ts";
import type { LegendItem } from "./tones.ts";

export type Cell = ReactNode;

export interface Twin {
  readonly heads: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly Cell[])[];
}

interface Props {
  readonly title: string;
  /** What it counts, in a few words. */
  readonly note?: ReactNode;
  readonly legend?: readonly LegendItem[];
  readonly twin: Twin;
  /** Where the server has the same as CSV. */
  readonly csv: { readonly href: string; readonly name: string } | null;
  /** What stands here where there is nothing to draw. */
  readonly empty?: string | null;
  readonly children: ReactNode;
}

export function Figure({ title, note, legend = [], twin, csv, empty = null, children }: Props) {
  const [isTable, setTable] = useState(false);
  const id = useId();
  const other = isTable ? t.asPicture(title) : t.asTable(title);
  return (
    <section className={styles.figure} aria-labelledby={id} data-table={isTable}>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h2 id={id}>{title}</h2>
          {note === undefined ? null : <p className={styles.note}>{note}</p>}
        </div>
        {empty !== null ? null : (
          <div className={styles.tools}>
            <Tooltip label={other}>
              <ActionIcon
                size={28}
                aria-label={other}
                onClick={() => {
                  setTable((before) => !before);
                }}
              >
                {isTable ? <IconChartBar size={16} /> : <IconTable size={16} />}
              </ActionIcon>
            </Tooltip>
            {csv === null ? null : (
              <Tooltip label={t.csvOf(title)}>
                <ActionIcon
                  size={28}
                  component="a"
                  href={csv.href}
                  download={csv.name}
                  aria-label={t.csvOf(title)}
                >
                  <IconDownload size={16} />
                </ActionIcon>
              </Tooltip>
            )}
          </div>
        )}
      </header>
      {empty !== null ? <p className={styles.empty}>{empty}</p> : null}
      {empty !== null ? null : isTable ? (
        <FigureTable title={title} twin={twin} />
      ) : (
        <>
          {legend.length === 0 ? null : <Legend items={legend} />}
          {children}
          <VisuallyHidden>
            <FigureTable title={title} twin={twin} isHidden />
          </VisuallyHidden>
        </>
      )}
    </section>
  );
}

function Legend({ items }: { readonly items: readonly LegendItem[] }) {
  return (
    <ul className={styles.legend} aria-hidden>
      {items.map(({ name, tone }) => (
        <li key={name}>
          <span className={styles.swatch} data-tone={tone} />
          {name}
        </li>
      ))}
    </ul>
  );
}

interface TableProps {
  readonly title: string;
  readonly twin: Twin;
  readonly isHidden?: boolean;
}

function FigureTable({ title, twin, isHidden = false }: TableProps) {
  const table = (
    <table className={styles.table}>
      <caption>{title}</caption>
      <thead>
        <tr>
          {twin.heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {twin.rows.map(([name, ...cells], place) => (
          // Rows of figures have no other name than their place.
          <tr key={place}>
            <th scope="row">{name}</th>
            {cells.map((cell, column) => (
              <td key={twin.heads[column + 1]}>{cell ?? t.none}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
  if (isHidden) return table;
  return (
    <Scrolled className={styles.scroller} label={t.asTable(title)}>
      {table}
    </Scrolled>
  );
}
