// One screen within the shell: its title, what belongs beside the title, and what scrolls.
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

import { t } from "@/messages.en.ts";

import styles from "./Screen.module.css";

interface Props {
  readonly title: string;
  /** Of the window, where the title alone would not say what it is about. */
  readonly windowTitle?: string;
  /** Where this screen belongs: a link to the one above it. */
  readonly above?: ReactNode;
  readonly note?: ReactNode;
  readonly aside?: ReactNode;
  /** The screen scrolls a part of itself, and not as a whole. */
  readonly fixed?: boolean;
  readonly children: ReactNode;
}

export function Screen({ title, windowTitle, above, note, aside, fixed, children }: Props) {
  useDocumentTitle(`${windowTitle ?? title}${t.separator}${t.product}`);
  return (
    <div className={styles.screen} data-fixed={fixed ?? false}>
      <header className={styles.head}>
        <div className={styles.titles}>
          {above === undefined ? null : <div className={styles.above}>{above}</div>}
          <h1>{title}</h1>
          {note === undefined ? null : <div className={styles.note}>{note}</div>}
        </div>
        {aside}
      </header>
      {children}
    </div>
  );
}
