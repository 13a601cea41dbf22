// Which fields differ between two contents of an alias, and the lines of the file that do.
import type { Change } from "@/api/types.ts";
import { valueText } from "@/lib/values.ts";

import styles from "./ChangeTable.module.css";
import { t } from "./messages.en.ts";

interface Props {
  readonly changes: readonly Change[];
  readonly heads: readonly [before: string, after: string];
}

export function ChangeTable({ changes, heads }: Props) {
  if (changes.length === 0) return <p className={styles.none}>{t.noFieldDiffers}</p>;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t.field}</th>
          <th scope="col">{heads[0]}</th>
          <th scope="col">{heads[1]}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ path, before, after }) => (
          <tr key={path.join("/")}>
            <th scope="row">{path.at(-1)}</th>
            <td data-kind={before === null ? "none" : "before"}>{shown(before)}</td>
            <td data-kind={after === null ? "none" : "after"}>{shown(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function shown(value: unknown): string {
  return value === null || value === undefined ? t.notSet : valueText(value);
}

/** A unified difference, its lines marked by more than colour. */
export function TextDifference({ text }: { readonly text: string }) {
  const lines = text.split("\n").filter((line, at) => at > 1 || !/^(---|\+\+\+) /.test(line));
  return (
    <pre className={styles.text}>
      {lines.map((line, at) => (
        // Lines of a text have no other name than their place.
        <code key={at} data-kind={KINDS[line[0] ?? ""] ?? "same"}>
          {line}
          {"\n"}
        </code>
      ))}
    </pre>
  );
}

const KINDS: Readonly<Record<string, string>> = { "+": "after", "-": "before", "@": "place" };
