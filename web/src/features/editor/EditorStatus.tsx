// Beside the title: the alias's state, how many changes, where they are kept, what to review.
import { StateBadge } from "@/components/Marks.tsx";
import { clockOf } from "@/lib/localTime.ts";

import styles from "./EditorScreen.module.css";
import { t } from "./messages.en.ts";
import { Review } from "./Review.tsx";
import type { Editor } from "./useEditor.ts";

interface Props {
  readonly editor: Editor;
  readonly onGo: (key: string) => void;
}

export function EditorStatus({ editor, onGo }: Props) {
  const { alias, params, findings, changed } = editor;
  return (
    <span className={styles.status}>
      <StateBadge state={stateOf(editor)} />
      <span>{changed.size === 0 ? t.unchanged : t.changes(changed.size)}</span>
      {changed.size === 0 && editor.sync.status === "saved" ? null : (
        <span data-status={editor.sync.status}>{whereText(editor)}</span>
      )}
      {editor.isRestored ? <span>{t.restored}</span> : null}
      <Review
        key={alias.id}
        findings={findings}
        order={params.map((param) => param.key)}
        onGo={onGo}
      />
    </span>
  );
}

/** The alias's own state, and sooner than the server's word: changed is changed. */
function stateOf({ alias, changed }: Editor) {
  const { state } = alias;
  if (state === "error" || state === "testing") return state;
  return changed.size > 0 ? "modified" : "published";
}

function whereText({ sync }: Editor): string {
  if (sync.status === "saved" && sync.savedAt !== null)
    return t.savedAt(clockOf(sync.savedAt / 1000));
  return t.status[sync.status];
}
