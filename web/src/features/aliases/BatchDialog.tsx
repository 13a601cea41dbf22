// One change of many aliases: what is to change, what it would do to each, and doing it.
import { Button, Modal, Select, TagsInput, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { changeMany, undoMany } from "@/api/batch.ts";
import { asProblem } from "@/api/problem.ts";
import { paramsQuery, presetsQuery } from "@/api/queries.ts";
import type { AliasRow, BatchChange, BatchResult, JsonValue, Parameter } from "@/api/types.ts";
import { ChangeTable } from "@/components/alias/ChangeTable.tsx";
import { attempt } from "@/components/alias/useAliasActions.ts";
import { Control, isSmall } from "@/components/params/Control.tsx";
import { ProblemCard } from "@/components/Problems.tsx";
import { toast } from "@/components/toast.ts";
import { useFocusBack } from "@/components/useFocusBack.ts";
import { t } from "@/messages.en.ts";

import styles from "./BatchDialog.module.css";

export type BatchKind = "value" | "preset" | "tag" | "untag" | "delete";

interface Props {
  readonly kind: BatchKind;
  readonly rows: readonly AliasRow[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function BatchDialog({ kind, rows, onClose, onDone }: Props) {
  const queries = useQueryClient();
  useFocusBack();
  const [change, setChange] = useState<BatchChange | null>(
    kind === "delete" ? { action: "delete" } : null,
  );
  const preview = useQuery({
    queryKey: ["batch", rows.map((row) => [row.id, row.etag]), change],
    queryFn: () => changeMany(rows, change ?? { action: "delete" }, true),
    enabled: change !== null,
    staleTime: 0,
  });
  const [busy, setBusy] = useState(false);
  const apply = () =>
    attempt(async () => {
      if (change === null) return;
      setBusy(true);
      const result = await changeMany(rows, change, false).finally(() => {
        setBusy(false);
      });
      await queries.invalidateQueries({ queryKey: ["aliases"] });
      onClose();
      onDone();
      toast(t.batch.done(result.changed), {
        label: t.undo,
        run: () =>
          void attempt(async () => {
            const undone = await undoMany(result.undo);
            await queries.invalidateQueries({ queryKey: ["aliases"] });
            toast(t.batch.undone(undone.changed));
          }),
      });
    });
  const problem = preview.error === null ? null : asProblem(preview.error);
  const changes = preview.data?.changed ?? 0;
  const [typed, setTyped] = useState("");
  // Several are deleted only by whoever has seen how many.
  const asks = kind === "delete" && changes > 1;
  const isSure = !asks || typed.trim() === String(changes);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.batch.titles[kind](rows.length)}
      size={640}
      closeButtonProps={{ "aria-label": t.close }}
    >
      <div className={styles.body}>
        <Builder kind={kind} onChange={setChange} />
        {problem === null ? null : (
          <ProblemCard message={problem.message} remedy={problem.remedy} />
        )}
        {preview.data === undefined ? null : <Preview rows={rows} result={preview.data} />}
        {asks ? (
          <TextInput
            size="sm"
            label={t.batch.typeCount(changes)}
            inputMode="numeric"
            autoComplete="off"
            className={styles.count ?? ""}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
            }}
          />
        ) : null}
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose}>
            {t.batch.cancel}
          </Button>
          <Button
            variant={kind === "delete" ? "danger" : "filled"}
            loading={busy}
            disabled={changes === 0 || !isSure}
            onClick={() => void apply()}
          >
            {kind === "delete" ? t.batch.delete(changes) : t.batch.apply(changes)}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

interface BuilderProps {
  readonly kind: BatchKind;
  readonly onChange: (change: BatchChange | null) => void;
}

function Builder({ kind, onChange }: BuilderProps) {
  if (kind === "value") return <ValueBuilder onChange={onChange} />;
  if (kind === "preset") return <PresetBuilder onChange={onChange} />;
  if (kind === "delete") return <p>{t.batch.deleteMeans}</p>;
  return (
    <TagsInput
      size="sm"
      label={t.batch.tags}
      data-autofocus
      onChange={(tags) => {
        onChange(tags.length === 0 ? null : { action: kind, tags });
      }}
    />
  );
}

function ValueBuilder({ onChange }: Omit<BuilderProps, "kind">) {
  const { data } = useQuery(paramsQuery(null));
  const [param, setParam] = useState<Parameter | null>(null);
  const [value, setValue] = useState<JsonValue>(undefined);
  const [wrong, setWrong] = useState<string | null>(null);
  const set = (of: Parameter, next: JsonValue) => {
    setValue(next);
    const path = [of.section, of.key];
    onChange({ action: "edit", edits: [{ path, value: next === undefined ? null : next }] });
  };
  return (
    <>
      <Select
        size="sm"
        label={t.batch.parameter}
        placeholder={t.batch.chooseParameter}
        searchable
        data-autofocus
        data={(data ?? []).map(({ key, label }) => ({ value: key, label: `${label} (${key})` }))}
        value={param?.key ?? null}
        onChange={(key) => {
          const found = data?.find((one) => one.key === key) ?? null;
          setParam(found);
          setValue(undefined);
          if (found !== null) set(found, undefined);
        }}
      />
      {param === null ? null : (
        <div className={styles.value} data-small={isSmall(param)}>
          {/* The control says of which parameter it is. */}
          <span className={styles.label} aria-hidden>
            {t.batch.value}
          </span>
          <Control
            param={param}
            value={value}
            placeholder={t.batch.unset}
            invalid={wrong !== null}
            disabled={false}
            onChange={(next) => {
              set(param, next);
            }}
            onStep={() => {
              // A batch begins with no value that could be stepped.
            }}
            onWrong={setWrong}
          />
          <p className={styles.hint}>{wrong ?? t.batch.emptyUnsets}</p>
        </div>
      )}
    </>
  );
}

function PresetBuilder({ onChange }: Omit<BuilderProps, "kind">) {
  const { data } = useQuery(presetsQuery);
  return (
    <Select
      size="sm"
      label={t.batch.preset}
      placeholder={t.batch.choosePreset}
      data-autofocus
      data={(data ?? []).map(({ name, title }) => ({ value: name, label: title }))}
      onChange={(preset) => {
        onChange(preset === null ? null : { action: "preset", preset });
      }}
    />
  );
}

interface PreviewProps {
  readonly rows: readonly AliasRow[];
  readonly result: BatchResult;
}

/** Every alias: what would change, or why it is left as it is. */
function Preview({ rows, result }: PreviewProps) {
  const names = new Map(rows.map((row) => [row.id, row.name]));
  return (
    <section aria-label={t.batch.preview}>
      <h3 className={styles.title}>{t.batch.counts(result.changed, result.skipped)}</h3>
      <ul
        // It scrolls, so keys have to reach it.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className={styles.preview}
      >
        {result.items.map((item) => (
          <li key={item.id}>
            <p className={styles.name}>{names.get(item.id) ?? item.id}</p>
            {item.status === "skipped" ? (
              <p className={styles.skipped}>{item.reason?.message ?? t.batch.nothing}</p>
            ) : item.changes.length > 0 ? (
              <ChangeTable changes={item.changes} heads={[t.batch.before, t.batch.after]} />
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
