// A text with what it says otherwise than another one.
import { wordDiff } from "@/lib/wordDiff.ts";

import styles from "./CompareScreen.module.css";

export function Words({ before, after }: { readonly before: string; readonly after: string }) {
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
}
