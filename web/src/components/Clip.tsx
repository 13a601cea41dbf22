// A name that may be too long for its place: it loses its middle, never its telling end.
import { VisuallyHidden } from "@mantine/core";
import { type ComponentProps, useCallback } from "react";

import { keepTogether } from "./clipping.ts";
import styles from "./Clip.module.css";

interface Props extends Omit<ComponentProps<"span">, "title" | "children"> {
  readonly text: string;
  /** How many characters at the end always show. */
  readonly keep: number;
  /** What is read aloud; the whole text where nothing else is said, null where a label says it. */
  readonly spoken?: string | null;
}

export function Clip({ text, keep, spoken = text, className, ...others }: Props) {
  const cut = Math.max(0, text.length - keep);
  // Anew where there is another text: it may be cut elsewhere in the same room.
  const follow = useCallback(
    (clip: HTMLElement | null) => {
      const tail = clip?.lastElementChild;
      const head = tail?.previousElementSibling;
      if (text.length <= keep || !(tail instanceof HTMLElement)) return;
      if (clip === null || !(head instanceof HTMLElement)) return;
      return keepTogether(clip, { head, tail });
    },
    [text, keep],
  );
  return (
    <span {...others} ref={follow} className={[styles.clip, className].join(" ")} title={text}>
      {spoken === null ? null : <VisuallyHidden>{spoken}</VisuallyHidden>}
      {/* An empty one would set the line upon which the rest stands. */}
      {cut === 0 ? null : (
        <span className={styles.head} aria-hidden>
          {text.slice(0, cut)}
        </span>
      )}
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
