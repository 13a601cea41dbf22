// `/aliases/{id}/edit`: every parameter of an alias, with what it inherits, and one save.
import { ActionIcon, Button, Skeleton } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { IconArrowBackUp, IconArrowForwardUp } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";

import { editAlias } from "@/api/aliases.ts";
import { asProblem, type Problem } from "@/api/problem.ts";
import { aliasQuery, paramsQuery } from "@/api/queries.ts";
import type { AliasDetail, Parameter, Rung } from "@/api/types.ts";
import { StateBadge } from "@/components/Marks.tsx";
import { ParamGroups } from "@/components/params/ParamGroups.tsx";
import { Notice, ProblemCard, StaleBanner } from "@/components/Problems.tsx";
import { Screen } from "@/components/Screen.tsx";
import { toast } from "@/components/toast.ts";
import { isChord } from "@/lib/keys.ts";
import { t as words } from "@/messages.en.ts";

import styles from "./EditorScreen.module.css";
import { t } from "./messages.en.ts";
import { useEditing } from "./useEditing.ts";

const route = getRouteApi("/aliases/$id/edit");

export function EditorScreen() {
  const { id } = route.useParams();
  const alias = useQuery(aliasQuery(id));
  const params = useQuery({
    ...paramsQuery(alias.data?.name ?? null),
    enabled: alias.data !== undefined,
  });
  const failed = alias.error ?? params.error;
  if (alias.data?.source === "model")
    return (
      <Frame id={id} title={alias.data.name}>
        <Notice text={t.readOnly} />
      </Frame>
    );
  if (alias.data !== undefined && params.data !== undefined)
    return <Editor key={id} alias={alias.data} params={params.data} />;
  const problem = failed === null ? null : asProblem(failed);
  return (
    <Frame id={id} title={alias.data?.name ?? id}>
      {problem === null ? (
        <Loading />
      ) : (
        <ProblemCard
          title={words.problem.title}
          message={problem.message}
          remedy={problem.remedy}
        />
      )}
    </Frame>
  );
}

interface EditorProps {
  readonly alias: AliasDetail;
  readonly params: readonly Parameter[];
}

function Editor({ alias, params }: EditorProps) {
  const editing = useEditing(alias, params);
  const { save, saving, problem } = useSave(alias, editing);
  const below = useMemo(() => belowOf(alias), [alias]);
  useEditorKeys(editing, save);
  return (
    <Frame
      id={alias.id}
      title={alias.name}
      note={<Status alias={alias} changes={editing.changed.size} />}
      aside={<Buttons editing={editing} saving={saving} onSave={save} />}
    >
      {editing.isStale ? <Stale editing={editing} /> : null}
      {problem === null ? null : <ProblemCard message={problem.message} remedy={problem.remedy} />}
      {alias.error === null ? null : (
        <ProblemCard
          title={words.states.error}
          message={alias.error.message}
          remedy={alias.error.remedy}
        />
      )}
      {alias.model === null ? <Notice text={t.generic} /> : null}
      <ParamGroups
        params={params}
        settings={editing.settings}
        below={below}
        findings={alias.findings}
        changed={editing.changed}
        onChange={editing.change}
        onFix={editing.fix}
      />
    </Frame>
  );
}

type Editing = ReturnType<typeof useEditing>;

function useSave(alias: AliasDetail, editing: Editing) {
  const queries = useQueryClient();
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async () => {
    if (editing.edits.length === 0 || saving) return;
    setSaving(true);
    setProblem(null);
    try {
      const fresh = await editAlias({ id: alias.id, etag: editing.basis }, editing.edits);
      queries.setQueryData(aliasQuery(alias.id).queryKey, fresh);
      editing.published(fresh);
      toast(t.savedToast(alias.name));
    } catch (error) {
      setProblem(asProblem(error));
      await queries.invalidateQueries({ queryKey: ["aliases", alias.id] });
    } finally {
      setSaving(false);
    }
  };
  return { save: () => void save(), saving, problem };
}

function useEditorKeys(editing: Editing, save: () => void): void {
  useWindowEvent("keydown", (event) => {
    const run = isChord(event, "s")
      ? save
      : isChord(event, "y") || (isChord(event, "z") && event.shiftKey)
        ? editing.redo
        : isChord(event, "z")
          ? editing.undo
          : null;
    // Where several lines are typed, the browser's own undo is the finer one.
    const multiline = event.target instanceof HTMLTextAreaElement && !isChord(event, "s");
    if (run === null || multiline) return;
    event.preventDefault();
    run();
  });
}

function Status({ alias, changes }: { readonly alias: AliasDetail; readonly changes: number }) {
  return (
    <span className={styles.status}>
      <StateBadge state={alias.state} />
      <span>{changes === 0 ? t.saved : t.unsaved(changes)}</span>
      {alias.findings.length === 0 ? null : (
        <span className={styles.review}>{t.toReview(alias.findings.length)}</span>
      )}
    </span>
  );
}

interface ButtonsProps {
  readonly editing: Editing;
  readonly saving: boolean;
  readonly onSave: () => void;
}

function Buttons({ editing, saving, onSave }: ButtonsProps) {
  const { undo, redo } = editing.history;
  const undoText = t.undo(undo.at(-1)?.label);
  const redoText = t.redo(redo.at(-1)?.label);
  const clean = editing.changed.size === 0;
  return (
    <div className={styles.buttons}>
      <ActionIcon
        aria-label={undoText}
        title={undoText}
        disabled={undo.length === 0}
        onClick={editing.undo}
      >
        <IconArrowBackUp size={17} stroke={1.7} />
      </ActionIcon>
      <ActionIcon
        aria-label={redoText}
        title={redoText}
        disabled={redo.length === 0}
        onClick={editing.redo}
      >
        <IconArrowForwardUp size={17} stroke={1.7} />
      </ActionIcon>
      <Button variant="default" disabled={clean} onClick={editing.discard}>
        {t.discard}
      </Button>
      <Button loading={saving} disabled={clean} onClick={onSave}>
        {t.save}
      </Button>
    </div>
  );
}

function Stale({ editing }: { readonly editing: Editing }) {
  return (
    <StaleBanner text={t.stale}>
      <Button variant="default" onClick={editing.rebase}>
        {t.keepMine}
      </Button>
      <Button variant="default" onClick={editing.discard}>
        {t.loadTheirs}
      </Button>
    </StaleBanner>
  );
}

interface FrameProps {
  readonly id: string;
  readonly title: string;
  readonly note?: React.ReactNode;
  readonly aside?: React.ReactNode;
  readonly children: React.ReactNode;
}

function Frame({ id, title, note, aside, children }: FrameProps) {
  const navigate = useNavigate();
  useWindowEvent("keydown", (event) => {
    if (event.key === "Escape" && event.target === document.body)
      void navigate({ to: "/aliases/$id", params: { id } });
  });
  return (
    <Screen
      title={t.edit}
      windowTitle={t.editing(title)}
      above={
        <>
          <Link to="/aliases">{words.list.title}</Link>
          <span aria-hidden>{words.slash}</span>
          <Link to="/aliases/$id" params={{ id }}>
            {title}
          </Link>
          <span aria-hidden>{words.slash}</span>
        </>
      }
      note={note}
      aside={aside}
    >
      <div className={styles.form}>{children}</div>
    </Screen>
  );
}

function Loading() {
  return (
    <div role="group" aria-busy aria-label={t.loading} className={styles.form}>
      {[0, 1, 2, 3, 4, 5].map((line) => (
        <Skeleton key={line} height={54} radius={6} />
      ))}
    </div>
  );
}

/** What applies to each parameter below the alias: the first rung that is not the alias's own. */
function belowOf(alias: AliasDetail): ReadonlyMap<string, Rung> {
  return new Map(
    alias.effective.flatMap(({ key, ladder }) => {
      const rung = ladder.find(({ layer }) => !layer.startsWith("alias") && layer !== "request");
      return rung === undefined ? [] : [[key, rung] as const];
    }),
  );
}
