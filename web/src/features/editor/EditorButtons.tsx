// Undo, redo, discard, publish; each also by its keys.
import { ActionIcon, Button } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { IconArrowBackUp, IconArrowForwardUp } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";

import { publishDraft } from "@/api/drafts.ts";
import { asProblem } from "@/api/problem.ts";
import { toast, toastFailure } from "@/components/toast.ts";
import { isChord } from "@/lib/keys.ts";

import styles from "./EditorScreen.module.css";
import { t } from "./messages.en.ts";
import type { Editor } from "./useEditor.ts";

const PublishDialog = lazy(() => import("./PublishDialog.tsx"));

interface Props {
  readonly editor: Editor;
  /** Publishing was asked for, and this is the first that keeps it from being done. */
  readonly onErrors: (key: string | null) => void;
  /** The way to each section, where the screen is small. */
  readonly sections: React.ReactNode;
}

export function EditorButtons({ editor, onErrors, sections }: Props) {
  const [publishes, setPublishes] = useState(false);
  const { store, history, sync, changed } = editor;
  const publish = usePublish(editor);
  const canPublish = changed.size > 0 && sync.theirs === null;
  const ask = async () => {
    const [first] = editor.errors;
    if (first !== undefined) onErrors(first.key);
    else if (await store.sync.flush()) setPublishes(true);
  };
  const discard = async () => {
    try {
      await store.discard();
      toast(t.discardedToast, { label: t.undoShort, run: store.undo });
    } catch (error) {
      toastFailure(asProblem(error).message);
    }
  };
  useEditorKeys(editor, () => {
    if (canPublish) void ask();
  });
  const undoText = t.undo(history.undo.at(-1)?.label);
  const redoText = t.redo(history.redo.at(-1)?.label);
  const { draftId, etag } = sync.known;
  return (
    <div className={styles.buttons}>
      {sections}
      <ActionIcon
        id="editor-undo"
        aria-label={undoText}
        title={undoText}
        disabled={history.undo.length === 0}
        onClick={store.undo}
      >
        <IconArrowBackUp size={17} stroke={1.7} />
      </ActionIcon>
      <ActionIcon
        aria-label={redoText}
        title={redoText}
        disabled={history.redo.length === 0}
        onClick={store.redo}
      >
        <IconArrowForwardUp size={17} stroke={1.7} />
      </ActionIcon>
      <Button variant="default" disabled={changed.size === 0} onClick={() => void discard()}>
        {t.discard}
      </Button>
      <Button disabled={!canPublish} onClick={() => void ask()}>
        {t.publish}
      </Button>
      {publishes && draftId !== null ? (
        <Suspense fallback={null}>
          <PublishDialog
            draft={{ id: draftId, etag }}
            names={{ before: editor.alias.name, after: editor.recipe.basics.name }}
            onPublish={publish}
            onClose={() => {
              setPublishes(false);
            }}
          />
        </Suspense>
      ) : null}
    </div>
  );
}

function usePublish({ store, sync, alias, over }: Editor) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async (note: string) => {
    const { draftId, etag } = sync.known;
    if (draftId === null) return;
    const fresh = await publishDraft({ id: draftId, etag }, note, over);
    toast(t.publishedToast(fresh.name));
    if (fresh.id !== alias.id) {
      store.leave();
      await navigate({ to: "/aliases/$id/edit", params: { id: fresh.id }, replace: true });
      queries.removeQueries({ queryKey: ["aliases", alias.id] });
    } else await store.reload(t.publishedStep);
    await queries.invalidateQueries({ queryKey: ["aliases"] });
  };
}

function useEditorKeys({ store }: Editor, publish: () => void): void {
  useWindowEvent("keydown", (event) => {
    const run = isChord(event, "s")
      ? publish
      : isChord(event, "y") || (isChord(event, "z") && event.shiftKey)
        ? store.redo
        : isChord(event, "z")
          ? store.undo
          : null;
    // Where several lines are typed, the browser's own undo is the finer one.
    const multiline = event.target instanceof HTMLTextAreaElement && !isChord(event, "s");
    if (run === null || multiline) return;
    event.preventDefault();
    run();
  });
}
