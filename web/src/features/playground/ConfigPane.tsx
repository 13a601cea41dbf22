// The values that messages go with, in the same rows as the editor's: changed here, saved on purpose.
import { ActionIcon, Button, Menu, Skeleton } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp, IconDots } from "@tabler/icons-react";
import { lazy, memo, Suspense, useState } from "react";

import type { Problem } from "@/api/problem.ts";
import type { AliasRow } from "@/api/types.ts";
import { ParamGroups } from "@/components/params/ParamGroups.tsx";
import { Notice, ProblemCard } from "@/components/Problems.tsx";

import styles from "./ConfigPane.module.css";
import type { Conversation } from "./Conversation.ts";
import { t } from "./messages.en.ts";
import { ReloadBar } from "./ReloadBar.tsx";
import type { Config } from "./useConfig.ts";

const RequestDialog = lazy(() => import("./RequestDialog.tsx"));
const SaveDialogs = lazy(() => import("./SaveDialogs.tsx"));

export type Asking = "new" | "update" | "request" | null;

interface Props {
  readonly row: AliasRow | undefined;
  readonly config: Config | null;
  readonly problem: Problem | null;
  /** Which aliases there are is still being read. */
  readonly waits: boolean;
  readonly conversation: Conversation;
  /** Values were saved as this alias. */
  readonly onSaved: (name: string) => void;
}

/** It knows the conversation and not its thread, so that no piece of an answer draws it anew. */
export const ConfigPane = memo(function ConfigPane(props: Props) {
  const { row, config, problem, waits, conversation, onSaved } = props;
  const [asking, setAsking] = useState<Asking>(null);
  const close = () => {
    setAsking(null);
  };
  return (
    <section className={styles.pane} aria-label={t.config}>
      {config === null ? (
        <div className={styles.rows}>
          {problem !== null ? (
            <ProblemCard message={problem.message} remedy={problem.remedy} />
          ) : row === undefined && !waits ? null : (
            <Loading />
          )}
        </div>
      ) : (
        <>
          <Bar config={config} onAsk={setAsking} />
          <ReloadBar config={config} conversation={conversation} />
          <div className={styles.rows}>
            {config.alias.draft === null ? null : <Notice text={t.hasDraft} />}
            <ParamGroups
              params={config.params}
              settings={config.settings}
              below={config.below}
              findings={config.findings}
              changed={config.changed}
              onChange={config.store.change}
              onFix={config.store.fix}
              onWrong={config.onWrong}
            />
          </div>
          <Suspense fallback={null}>
            {asking === "request" ? (
              <RequestDialog config={config} thread={conversation.snapshot()} onClose={close} />
            ) : asking === null ? null : (
              <SaveDialogs asking={asking} config={config} onSaved={onSaved} onClose={close} />
            )}
          </Suspense>
        </>
      )}
    </section>
  );
});

interface BarProps {
  readonly config: Config;
  readonly onAsk: (asking: Asking) => void;
}

function Bar({ config, onAsk }: BarProps) {
  const { store, history, changed, alias, wrong } = config;
  const isSaved = changed.size === 0;
  const cannot = isSaved || wrong.size > 0;
  const isOfModel = alias.source === "model";
  const undo = t.undo(history.undo.at(-1)?.label);
  const redo = t.redo(history.redo.at(-1)?.label);
  return (
    <header className={styles.bar}>
      <span className={styles.state} data-changed={!isSaved}>
        {isSaved ? t.unchanged : t.modified(changed.size)}
      </span>
      <span className={styles.buttons}>
        <ActionIcon
          aria-label={undo}
          title={undo}
          disabled={history.undo.length === 0}
          onClick={store.undo}
        >
          <IconArrowBackUp size={17} stroke={1.7} />
        </ActionIcon>
        <ActionIcon
          aria-label={redo}
          title={redo}
          disabled={history.redo.length === 0}
          onClick={store.redo}
        >
          <IconArrowForwardUp size={17} stroke={1.7} />
        </ActionIcon>
        <Button
          variant="default"
          disabled={cannot || isOfModel}
          title={isOfModel ? t.ofModel : undefined}
          onClick={() => {
            onAsk("update");
          }}
        >
          {t.update}
        </Button>
        <Button
          disabled={cannot}
          onClick={() => {
            onAsk("new");
          }}
        >
          {t.saveAsNew}
        </Button>
        <Menu position="bottom-end" shadow="md" width={200}>
          <Menu.Target>
            <ActionIcon aria-label={t.actions} title={t.actions}>
              <IconDots size={17} stroke={1.7} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item disabled={isSaved} onClick={store.resetToSaved}>
              {t.resetToSaved}
            </Menu.Item>
            <Menu.Item disabled={config.settings.size === 0} onClick={store.resetToDefault}>
              {t.resetToDefault}
            </Menu.Item>
            <Menu.Item
              onClick={() => {
                onAsk("request");
              }}
            >
              {t.copyAsRequest}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </span>
    </header>
  );
}

const LINES = [0, 1, 2, 3, 4, 5];

function Loading() {
  return (
    <div role="group" aria-busy aria-label={t.loading} className={styles.loading}>
      {LINES.map((line) => (
        <Skeleton key={line} height={54} radius={6} />
      ))}
    </div>
  );
}
