// A text with what it says otherwise than another one.
import { memo } from "react";

import { wordDiff } from "@/lib/wordDiff.ts";

import styles from "./CompareScreen.module.css";

interface Props {
  readonly before: string;
  readonly after: string;
}

/** Compared once: other lanes may go on meanwhile. */
export const Words = memo(function Words({ before, after }: Props) {
  return (
    <p className={styles.words}>
      {wordDiff(before, after).map(({ kind, text }, at) =>
        // Parts of a difference have no other name than their place.
        kind === "same" ? (
          <span key={at}>{text}</span>
        ) : kind === "added" ? (
          <ins key={at}>{text}</ins>
        ) : (
          <del key={at}>{text}</del>
        ),
      )}
    </p>
  );
});
