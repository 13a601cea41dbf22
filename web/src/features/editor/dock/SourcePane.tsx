// The alias file as text: what is typed here the form shows, and the other way round.
import { useSyncExternalStore } from "react";

import { NumberedText } from "@/components/NumberedText.tsx";

import type { EditorStore } from "../EditorStore.ts";
import styles from "./Dock.module.css";
import { t } from "./messages.en.ts";

/** What is typed stands there at once, however late the rest of the dock is drawn. */
export function SourcePane({ store }: { readonly store: EditorStore }) {
  const { recipe, sync } = useSyncExternalStore(store.subscribe, store.snapshot);
  const text = recipe.text ?? sync.known.text;
  // What the form has changed stands in the text once the server has written it there.
  const waits = recipe.text === null && sync.reached !== recipe && sync.status !== "saved";
  const errors = sync.known.text === text ? sync.known.errors : [];
  const wrong = new Set(errors.map(({ line }) => line));
  return (
    <div className={styles.pane}>
      <p className={styles.lead}>{waits ? t.sourceWaits : t.sourceLead}</p>
      <NumberedText
        label={t.sourceLabel}
        text={text}
        wrong={wrong}
        invalid={errors.length > 0}
        heightPx={420}
        readOnly={waits}
        onChange={store.typeText}
      />
      {errors.map(({ code, message, line }) => (
        <p key={`${code} ${message}`} className={styles.error}>
          {line === null ? message : t.errorAt(line, message)}
        </p>
      ))}
    </div>
  );
}
