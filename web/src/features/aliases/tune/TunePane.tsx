// One parameter of a user alias, changed in its draft.
import { Button, Select } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";

import { beginDraft, discardDraft, editDraft } from "@/api/drafts.ts";
import { Problem } from "@/api/problem.ts";
import type { AliasDetail, AliasRow, Parameter } from "@/api/types.ts";
import type { AliasCommands } from "@/components/alias/useAliasCommands.tsx";
import { belowOf, settingsOf } from "@/components/params/edits.ts";
import { ParamRow } from "@/components/params/ParamRow.tsx";
import { sameSetting } from "@/components/params/setting.ts";
import { ProblemCard } from "@/components/Problems.tsx";
import { valueText } from "@/lib/values.ts";

import { t } from "./messages.en.ts";
import styles from "./TuneLayer.module.css";
import { settingOfKey, type Start, Tuning } from "./Tuning.ts";

interface Props {
  readonly row: AliasRow;
  /** The parameter that is shown first. */
  readonly first: string;
  readonly alias: AliasDetail;
  readonly params: readonly Parameter[];
  readonly start: Start;
  readonly commands: AliasCommands;
}

export function TunePane({ row, first, alias, params, start, commands }: Props) {
  const tuning = useTuning(alias, params, start);
  const { settings, findings, status, problem } = useSyncExternalStore(
    tuning.subscribe,
    tuning.snapshot,
  );
  const [key, setKey] = useState(first);
  const published = useMemo(() => settingsOf(row.set), [row.set]);
  const below = useMemo(() => belowOf(alias.effective), [alias.effective]);
  const param = params.find((one) => one.key === key);
  const pane = useFocusedControl(key);
  const [served, now] = [settingOfKey(published, key), settingOfKey(settings, key)];
  return (
    <div className={styles.pane} ref={pane}>
      <h2 className={styles.title}>{row.name}</h2>
      <Select
        size="xs"
        aria-label={t.parameter}
        searchable
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        data={inOrder(params, row).map((one) => ({ value: one.key, label: one.label }))}
        value={key}
        onChange={(chosen) => {
          if (chosen !== null) setKey(chosen);
        }}
      />
      {param === undefined ? null : (
        <div className={styles.row}>
          <ParamRow
            key={key}
            param={param}
            setting={now}
            below={below.get(key) ?? null}
            findings={findings.filter((one) => one.params.includes(key))}
            isChanged={!sameSetting(served, now)}
            onChange={tuning.change}
            onFix={({ patch }) => void tuning.fix(patch)}
          />
        </div>
      )}
      {problem === null ? null : <ProblemCard message={problem.message} remedy={problem.remedy} />}
      <p className={styles.served}>
        {served.value === undefined ? t.servedUnset : t.served(valueText(served.value))}
      </p>
      <p className={styles.status} aria-live="polite">
        {t.status[status]}
      </p>
      <div className={styles.buttons}>
        {sameSetting(served, now) ? null : (
          <Button
            variant="default"
            onClick={() => {
              tuning.change(key, served);
            }}
          >
            {t.back}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconPencil size={14} aria-hidden />}
          onClick={() => {
            void tuning.flush().then(() => {
              commands.edit(row);
            });
          }}
        >
          {t.openEditor}
        </Button>
      </div>
    </div>
  );
}

function useTuning(alias: AliasDetail, params: readonly Parameter[], start: Start): Tuning {
  const queries = useQueryClient();
  const [tuning] = useState(
    () =>
      new Tuning(start, {
        server: { begin: () => beginDraft(alias.id), edit: editDraft, discard: discardDraft },
        published: alias.source_text,
        params,
        onSaved: () => {
          for (const queryKey of [["aliases"], ["drafts"], ["dashboard"]])
            void queries.invalidateQueries({ queryKey });
        },
        unreadable: () => new Problem(t.unreadable, t.unreadableHelp, "draft_unreadable"),
      }),
  );
  useEffect(
    () => () => {
      void tuning.flush();
    },
    [tuning],
  );
  return tuning;
}

/** The control of the parameter that is shown has the focus, not the first button of the layer. */
function useFocusedControl(key: string) {
  const pane = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const row = pane.current?.querySelector("[data-param]");
    const control =
      row?.querySelector<HTMLElement>("[role=slider]") ??
      row?.querySelector<HTMLElement>("input:not([type=hidden]), textarea");
    control?.focus();
  }, [key]);
  return pane;
}

/** What the alias sets comes first. */
function inOrder(params: readonly Parameter[], row: AliasRow): readonly Parameter[] {
  const set = new Set<string>(row.set.map((one) => one.key));
  return [...params].sort((a, b) => Number(set.has(b.key)) - Number(set.has(a.key)));
}
