// A name that may be too long for its place: it loses its middle, never its telling end.
import { VisuallyHidden } from "@mantine/core";

import styles from "./Clip.module.css";

interface Props {
  readonly text: string;
  /** How many characters at the end always show. */
  readonly keep: number;
  /** What is read aloud; the whole text where nothing else is said. */
  readonly spoken?: string;
}

export function Clip({ text, keep, spoken = text }: Props) {
  const cut = Math.max(0, text.length - keep);
  return (
    <span className={styles.clip} title={text}>
      <VisuallyHidden>{spoken}</VisuallyHidden>
      <span className={styles.head} aria-hidden>
        {text.slice(0, cut)}
      </span>
      <span className={styles.tail} aria-hidden>
        {text.slice(cut)}
      </span>
    </span>
  );
}

/** How much of a name to keep: its part after the last colon, within reason. */
export function endOfName(name: string): number {
  const colon = name.lastIndexOf(":");
  return colon === -1 ? 6 : Math.min(name.length - colon, 14);
}
