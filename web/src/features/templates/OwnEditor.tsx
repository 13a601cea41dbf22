// A template of one's own: typed, seen rendered as it is typed, saved, deleted.
import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useBlocker, useNavigate } from "@tanstack/react-router";
import { type SubmitEvent, useRef, useState } from "react";

import { asProblem, type Problem } from "@/api/problem.ts";
import { attempt } from "@/components/alias/useAliasActions.ts";
import type { NumberedTextHandle } from "@/components/NumberedText.tsx";
import { Notice, ProblemCard } from "@/components/Problems.tsx";
import { toast } from "@/components/toast.ts";

import { CodeField } from "./CodeField.tsx";
import { t } from "./messages.en.ts";
import styles from "./OwnEditor.module.css";
import { usePreview } from "./Preview.tsx";
import { deleteTemplate, type OwnTemplate, saveTemplate } from "./store.ts";

interface Props {
  /** null: it is new. */
  readonly own: OwnTemplate | null;
  /** What a new one begins with. */
  readonly begins: { readonly name: string; readonly text: string };
  readonly users: number;
}

export function OwnEditor({ own, begins, users }: Props) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const field = useRef<NumberedTextHandle>(null);
  const [name, setName] = useState(own?.name ?? begins.name);
  const [text, setText] = useState(own?.text ?? begins.text);
  const [refused, setRefused] = useState<Problem | null>(null);
  const isLeaving = useRef(false);
  const isChanged = own === null ? text !== begins.text : text !== own.text;
  const { problem, preview } = usePreview({
    text,
    name: null,
    onGoTo: (line, column) => field.current?.goTo(line, column),
  });
  useBlocker({
    shouldBlockFn: () => isChanged && !isLeaving.current && !confirm(t.leave),
    enableBeforeUnload: () => isChanged && !isLeaving.current,
  });
  const refresh = () => queries.invalidateQueries({ queryKey: ["templates"] });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      const saved = await saveTemplate(name.trim(), text, own?.etag ?? null);
      isLeaving.current = true;
      setRefused(null);
      toast(t.saved(saved.name));
      await refresh();
      await navigate({ to: "/templates", search: { sel: saved.chat_template } });
      isLeaving.current = false;
    } catch (thrown) {
      setRefused(asProblem(thrown));
    }
  };
  const remove = (stored: OwnTemplate) =>
    attempt(async () => {
      await deleteTemplate(stored.name, stored.etag);
      isLeaving.current = true;
      await navigate({ to: "/templates" });
      await refresh();
      toast(t.deleted(stored.name), {
        label: t.undo,
        run: () =>
          void attempt(async () => {
            await saveTemplate(stored.name, stored.text, null);
            await refresh();
            toast(t.restored(stored.name));
          }),
      });
    });
  return (
    <form className={styles.editor} onSubmit={(event) => void submit(event)}>
      {own === null ? (
        <TextInput
          className={styles.name ?? ""}
          label={t.name}
          description={t.nameHint}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
      ) : null}
      {refused === null ? null : (
        <ProblemCard message={refused.message} remedy={refused.remedy}>
          {refused.status === 412 ? (
            <Button variant="default" onClick={() => void refresh()}>
              {t.load}
            </Button>
          ) : null}
        </ProblemCard>
      )}
      {(own?.findings ?? []).map((one) => (
        <Notice key={one.code} text={`${one.message} ${one.fix}`.trim()} />
      ))}
      <CodeField
        handle={field}
        label={t.text}
        value={text}
        wrongLine={problem?.line ?? null}
        onChange={setText}
      />
      <div className={styles.bar}>
        <p>{isChanged ? t.unsaved : own === null ? "" : t.unchanged}</p>
        {own === null ? null : (
          <Button
            variant="subtle"
            title={users > 0 ? t.inUse(users) : undefined}
            onClick={() => void remove(own)}
          >
            {t.delete}
          </Button>
        )}
        <Button
          type="submit"
          disabled={problem !== null || name.trim() === "" || (own !== null && !isChanged)}
        >
          {t.save}
        </Button>
      </div>
      {preview}
    </form>
  );
}
