// ⌘K: any alias by a part of its name, and every command. A combobox over one list.
import { Modal, useMantineColorScheme } from "@mantine/core";
import {
  IconDatabase,
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconPlus,
  IconSearch,
  IconSlash,
  IconSun,
  IconTrash,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from "react";

import { aliasesQuery, paramsQuery } from "@/api/queries.ts";
import type { AliasRow, Parameter } from "@/api/types.ts";
import { announce } from "@/components/announcer.ts";
import { Keys } from "@/components/Keys.tsx";
import { goToParameter } from "@/components/paramPlace.ts";
import { SourceIcon } from "@/components/Marks.tsx";
import { useRecent } from "@/components/recent.ts";
import { bestMatches } from "@/lib/ranking.ts";
import { t } from "@/messages.en.ts";

import { PLACES } from "./places.ts";
import styles from "./Palette.module.css";
import { useSignOut } from "./SignOut.tsx";

interface Props {
  readonly opened: boolean;
  /** Counts the openings: each begins with nothing typed. */
  readonly round: number;
  readonly onClose: () => void;
  readonly onShortcuts: () => void;
}

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly icon: ReactNode;
  readonly run: () => void;
}

const MOST_ALIASES = 8;

export default function Palette(props: Props) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      withCloseButton={false}
      title={null}
      attributes={{ content: { "aria-label": t.palette.title } }}
      returnFocus={false}
      size={600}
      padding={0}
    >
      <Search key={props.round} {...props} />
    </Modal>
  );
}

function Search({ onClose, onShortcuts }: Omit<Props, "opened" | "round">) {
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const listId = useId();
  const aliases = useAliasEntries(typed);
  const models = useModelEntries(typed);
  const params = useParamEntries(typed);
  const commands = useCommands(typed, onShortcuts);
  const entries = [...aliases, ...models, ...params, ...commands];
  const active = entries[Math.min(chosen, entries.length - 1)];
  const count = entries.length;
  useEffect(() => {
    if (typed !== "") announce(t.palette.count(count));
  }, [typed, count]);
  const run = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen(
        (at) => (Math.min(at, entries.length - 1) + step + entries.length) % entries.length,
      );
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(active);
    }
  };
  const section = (heading: string, some: readonly Entry[]) =>
    some.length === 0 ? null : (
      <div role="group" aria-label={heading}>
        <div className={styles.heading} aria-hidden>
          {heading}
        </div>
        {some.map((entry) => (
          <Option key={entry.id} entry={entry} active={entry === active} onRun={run} />
        ))}
      </div>
    );
  return (
    <>
      <div className={styles.field}>
        <IconSearch size={18} aria-hidden />
        <input
          className={styles.input}
          role="combobox"
          aria-label={t.palette.title}
          aria-expanded
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={active?.id ?? ""}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="go"
          data-autofocus
          placeholder={t.palette.placeholder}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className={styles.list} id={listId} role="listbox" aria-label={t.palette.title}>
        {section(t.palette.aliases, aliases)}
        {section(t.palette.models, models)}
        {section(t.palette.params, params)}
        {section(t.palette.commands, commands)}
      </div>
      {entries.length === 0 ? <p className={styles.nothing}>{t.palette.nothing(typed)}</p> : null}
      <Foot />
    </>
  );
}

function Option(props: {
  readonly entry: Entry;
  readonly active: boolean;
  readonly onRun: (entry: Entry) => void;
}) {
  const { entry, active, onRun } = props;
  return (
    // The field keeps the focus and has the keys: the option is for the pointer alone.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={entry.id}
      role="option"
      aria-selected={active}
      className={styles.option}
      ref={active ? scrollToIt : null}
      onClick={() => {
        onRun(entry);
      }}
    >
      {entry.icon}
      <span className={styles.name}>{entry.name}</span>
      <span className={styles.note}>{entry.note}</span>
    </div>
  );
}

function scrollToIt(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}

function Foot() {
  return (
    <div className={styles.foot} aria-hidden>
      <span>
        <Keys names={["↑", "↓"]} /> {t.palette.move}
      </span>
      <span>
        <Keys names={["↵"]} /> {t.palette.open}
      </span>
      <span>
        <Keys names={["Esc"]} /> {t.palette.close}
      </span>
    </div>
  );
}

/** A sign before the words asks for one kind alone: @ aliases, # parameters, > commands. */
const SIGNS = ["@", "#", ">"] as const;
type Sign = (typeof SIGNS)[number];

/** What was typed for entries of this kind; null where only another kind is asked for. */
function wordsFor(typed: string, kind: Sign | null): string | null {
  const sign = SIGNS.find((one) => typed.startsWith(one));
  if (sign === undefined) return typed;
  return sign === kind ? typed.slice(1) : null;
}

function useAliasEntries(typed: string): readonly Entry[] {
  const navigate = useNavigate();
  const { data } = useQuery(aliasesQuery);
  const recent = useRecent();
  const words = wordsFor(typed, "@");
  if (words === null) return [];
  const all = data?.aliases ?? [];
  const lately = recent.flatMap((id) => all.find((row) => row.id === id) ?? []);
  const found =
    words === "" && lately.length > 0
      ? lately
      : bestMatches(all, (row) => row.name, words, MOST_ALIASES);
  return found.map((row) => ({
    id: `palette-${row.id}`,
    name: row.name,
    note: noteOf(row),
    icon: <SourceIcon source={row.source} />,
    run: () => void navigate({ to: "/aliases/$id", params: { id: row.id } }),
  }));
}

const MOST_OTHERS = 4;

/** Model files have their own screen; they are looked for once something is typed. */
function useModelEntries(typed: string): readonly Entry[] {
  const navigate = useNavigate();
  const { data } = useQuery(aliasesQuery);
  const words = wordsFor(typed, null);
  if (words === null || words === "") return [];
  const models = (data?.aliases ?? []).filter((row) => row.source === "model");
  return bestMatches(models, (row) => row.name, words, MOST_OTHERS).map((row) => ({
    id: `palette-model-${row.id}`,
    name: row.filename ?? row.name,
    note: t.palette.modelFile,
    icon: <IconDatabase size={18} stroke={1.6} />,
    run: () => void navigate({ to: "/models", search: { sel: row.name } }),
  }));
}

/** A parameter leads to its row where one is being edited, else to the aliases that set it. */
function useParamEntries(typed: string): readonly Entry[] {
  const navigate = useNavigate();
  const words = wordsFor(typed, "#");
  const { data } = useQuery({ ...paramsQuery(null), enabled: words !== null && words !== "" });
  if (words === null || words === "") return [];
  const named = (param: Parameter) => [param.label, param.key, ...param.spellings].join(" ");
  return bestMatches(data ?? [], named, words, MOST_OTHERS).map((param) => ({
    id: `palette-param-${param.key}`,
    name: param.label,
    note: t.palette.param(param.key),
    icon: <IconSlash size={18} stroke={1.6} />,
    run: () => {
      if (!goToParameter(param.key))
        void navigate({ to: "/aliases", search: { q: `set:${param.key}` } });
    },
  }));
}

function noteOf(row: AliasRow): string {
  if (row.source === "model") return t.kinds.modelLong;
  return row.quantization === null
    ? t.kinds.userLong
    : `${t.kinds.userLong}${t.separator}${row.quantization}`;
}

function useCommands(typed: string, onShortcuts: () => void): readonly Entry[] {
  const words = wordsFor(typed, ">");
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const command = (id: string, name: string, icon: ReactNode, run: () => void): Entry => ({
    id: `palette-do-${id}`,
    name,
    note: "",
    icon,
    run,
  });
  const size = { size: 18, stroke: 1.6 } as const;
  const all = [
    ...PLACES.map(({ to, label, Icon }) =>
      command(label, t.palette.go(label), <Icon {...size} />, () => {
        void navigate({ to });
      }),
    ),
    command("create", t.list.create, <IconPlus {...size} />, () => {
      void navigate({ to: "/aliases/new" });
    }),
    command("trash", t.palette.trash, <IconTrash {...size} />, () => {
      void navigate({ to: "/trash" });
    }),
    command("light", t.palette.light, <IconSun {...size} />, () => {
      setColorScheme("light");
    }),
    command("dark", t.palette.dark, <IconMoon {...size} />, () => {
      setColorScheme("dark");
    }),
    command("auto", t.palette.auto, <IconDeviceDesktop {...size} />, () => {
      setColorScheme("auto");
    }),
    command("shortcuts", t.palette.shortcuts, <IconKeyboard {...size} />, onShortcuts),
    ...(signOut === null ? [] : [command("out", t.signIn.out, <IconLogout {...size} />, signOut)]),
  ];
  return words === null ? [] : bestMatches(all, (entry) => entry.name, words, all.length);
}
