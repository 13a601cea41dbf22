// The alias file as text: what is typed here the form shows, and the other way round.
import { useRef } from "react";

import type { Editor } from "../useEditor.ts";
import styles from "./Dock.module.css";
import { t } from "./messages.en.ts";

export function SourcePane({ editor }: { readonly editor: Editor }) {
  const numbers = useRef<HTMLPreElement>(null);
  const { recipe, sync, store } = editor;
  const text = recipe.text ?? sync.known.text;
  // What the form has changed stands in the text once the server has written it there.
  const waits = recipe.text === null && sync.reached !== recipe && sync.status !== "saved";
  const errors = sync.known.text === text ? sync.known.errors : [];
  const wrong = new Set(errors.map(({ line }) => line));
  return (
    <div className={styles.pane}>
      <p className={styles.lead}>{waits ? t.sourceWaits : t.sourceLead}</p>
      <div className={styles.source}>
        <pre ref={numbers} aria-hidden>
          {text.split("\n").map((_, at) => (
            // Lines of a text have no other name than their place.
            <span key={at} data-wrong={wrong.has(at + 1)}>
              {at + 1}
              {"\n"}
            </span>
          ))}
        </pre>
        <textarea
          aria-label={t.sourceLabel}
          aria-invalid={errors.length > 0}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          readOnly={waits}
          value={text}
          onChange={(event) => {
            store.typeText(event.currentTarget.value);
          }}
          onScroll={(event) => {
            if (numbers.current !== null) numbers.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      {errors.map(({ code, message, line }) => (
        <p key={`${code} ${message}`} className={styles.error}>
          {line === null ? message : t.errorAt(line, message)}
        </p>
      ))}
    </div>
  );
}
