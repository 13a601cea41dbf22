// What stands among the parameters of the file and is none: kept as it is written, said, taken out.
import { FindingLine } from "@/components/params/FindingLine.tsx";

import { type Other, OTHERS, othersIn } from "./errors.ts";
import { t } from "./messages.en.ts";
import styles from "./OtherArguments.module.css";
import type { Editor } from "./useEditor.ts";

export function OtherArguments({ editor }: { readonly editor: Editor }) {
  const { store, sync, params, findings } = editor;
  const others = othersIn(sync.known, params);
  const misspelt = findings.filter(({ code }) => code === "unknown_key");
  if (others.length === 0 && misspelt.length === 0) return null;
  const takeOut = async (other: Other) => {
    await store.takeOut(other);
    // The button goes with the entry; the way back is where to go on from.
    requestAnimationFrame(() => {
      document.getElementById("editor-undo")?.focus();
    });
  };
  return (
    <section className={styles.others} id={OTHERS} tabIndex={-1} aria-labelledby={TITLE}>
      <h3 id={TITLE}>{t.others}</h3>
      {others.length === 0 ? null : <p className={styles.lead}>{t.othersLead}</p>}
      <ul>
        {others.map((other) => (
          <li key={other.pointer}>
            <code>{other.written}</code>
            <FindingLine
              severity="error"
              message={[other.message, other.remedy].filter(Boolean).join(" ")}
              fix={other.standsAlone ? { label: t.takeOut, run: () => void takeOut(other) } : null}
            />
          </li>
        ))}
        {misspelt.map(({ message }) => (
          <li key={message}>
            <FindingLine severity="warning" message={message} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const TITLE = "other-arguments-title";
