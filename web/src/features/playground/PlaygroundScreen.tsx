// `/playground`: a conversation with an alias, beside the values that it is tried with.
import { Select, Tabs } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef } from "react";

import { asProblem } from "@/api/problem.ts";
import { aliasesQuery } from "@/api/queries.ts";
import { reached, rowNamed } from "@/api/reached.ts";
import type { AliasRow } from "@/api/types.ts";
import { Screen } from "@/components/Screen.tsx";
import { usePhone } from "@/components/usePhone.ts";
import { isChord } from "@/lib/keys.ts";

import { Chat } from "./Chat.tsx";
import { ConfigPane } from "./ConfigPane.tsx";
import { t } from "./messages.en.ts";
import styles from "./PlaygroundScreen.module.css";
import { isEmpty } from "./thread.ts";
import { ThreadBar } from "./ThreadBar.tsx";
import { useConfig } from "./useConfig.ts";
import { useConversation, usePartOf } from "./useConversation.ts";

const route = getRouteApi("/playground");
const MOST_OPTIONS = 50;

export function PlaygroundScreen() {
  const phone = usePhone();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, isPending, error } = useQuery(aliasesQuery);
  const usable = useMemo(() => reached(data?.aliases ?? []), [data]);
  const name = search.alias ?? usable[0]?.name ?? null;
  const row = rowNamed(data?.aliases ?? [], name);
  const unlisted = data === undefined && error !== null ? asProblem(error) : null;
  const { config, problem } = useConfig(row);
  const talk = useConversation(search.thread);
  const { conversation } = talk;
  const { id } = conversation.snapshot();
  const go = (alias: string | null, other: string | undefined, replace: boolean) => {
    const next = {
      ...(alias === null ? {} : { alias }),
      ...(other === undefined ? {} : { thread: other }),
    };
    void navigate({ search: next, replace });
  };
  const isBegun = !usePartOf(conversation, isEmpty);
  useEffect(() => {
    // So that a reload, and back, bring it back.
    if (isBegun && search.thread === undefined)
      void navigate({ search: (before) => ({ ...before, thread: id }), replace: true });
  }, [isBegun, search.thread, id, navigate]);
  const onSaved = useCallback(
    (alias: string) => {
      void navigate({ search: (before) => ({ ...before, alias }) });
    },
    [navigate],
  );
  const chat = (
    <Chat
      talk={talk}
      alias={name}
      row={row}
      config={config}
      isReady={config !== null || row === undefined || problem !== null}
      cannot={name === null && !isPending ? (unlisted?.message ?? t.nobodyAnswers) : null}
    />
  );
  const pane = (
    <ConfigPane
      row={row}
      config={config}
      problem={problem ?? unlisted}
      waits={isPending}
      conversation={conversation}
      onSaved={onSaved}
    />
  );
  return (
    <Screen
      title={t.title}
      fixed
      aside={
        <div className={styles.aside}>
          <AliasChoice
            phone={phone}
            usable={usable}
            alias={name}
            row={row}
            onChoose={(alias) => {
              go(alias, search.thread, true);
            }}
          />
          <ThreadBar
            talk={talk}
            onOpen={(other) => {
              go(name, other, false);
            }}
            onBegin={() => {
              talk.begin();
              go(name, undefined, false);
            }}
          />
        </div>
      }
    >
      {phone ? (
        <Tabs defaultValue="chat" className={styles.tabs ?? ""} keepMounted>
          <Tabs.List grow aria-label={t.tabsLabel}>
            <Tabs.Tab value="chat">{t.tabs.chat}</Tabs.Tab>
            <Tabs.Tab value="config">
              {config === null || config.changed.size === 0
                ? t.tabs.config
                : t.configModified(config.changed.size)}
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="chat" className={styles.tab ?? ""}>
            {chat}
          </Tabs.Panel>
          <Tabs.Panel value="config" className={styles.tab ?? ""}>
            {pane}
          </Tabs.Panel>
        </Tabs>
      ) : (
        <div className={styles.panes}>
          {chat}
          {pane}
        </div>
      )}
    </Screen>
  );
}

interface ChoiceProps {
  readonly phone: boolean;
  readonly usable: readonly AliasRow[];
  readonly alias: string | null;
  readonly row: AliasRow | undefined;
  readonly onChoose: (name: string) => void;
}

/** ⌘J leads here from anywhere on the screen. */
function AliasChoice({ phone, usable, alias, row, onChoose }: ChoiceProps) {
  const field = useRef<HTMLInputElement>(null);
  useWindowEvent("keydown", (event) => {
    if (!isChord(event, "j")) return;
    event.preventDefault();
    field.current?.focus();
    field.current?.select();
  });
  const data = useMemo(() => {
    const names = usable.map((one) => one.name);
    // A name in the address that no alias has is shown all the same: the server answers for it.
    return alias === null || names.includes(alias) ? names : [alias, ...names];
  }, [usable, alias]);
  return (
    <div className={styles.alias}>
      <Select
        ref={field}
        size={phone ? "md" : "xs"}
        className={styles.choice ?? ""}
        aria-label={t.alias}
        aria-keyshortcuts="Control+J Meta+J"
        placeholder={t.aliasHint}
        nothingFoundMessage={t.noAlias}
        searchable
        selectFirstOptionOnChange
        allowDeselect={false}
        limit={MOST_OPTIONS}
        data={data}
        value={alias}
        onChange={(name) => {
          if (name !== null) onChoose(name);
        }}
      />
      {row === undefined ? null : (
        <Link to="/aliases/$id" params={{ id: row.id }} className={styles.details}>
          {t.details}
        </Link>
      )}
    </div>
  );
}
