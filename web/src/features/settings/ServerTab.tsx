// Every setting of the server: its value, where that comes from, what it means, what changes it.
import { Button, Skeleton, Switch, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { asProblem } from "@/api/problem.ts";
import { CopyButton } from "@/components/CopyButton.tsx";
import { ProblemCard } from "@/components/Problems.tsx";
import { t as words } from "@/messages.en.ts";

import { fileLine, variableLine } from "./lines.ts";
import { t } from "./messages.en.ts";
import styles from "./SettingsScreen.module.css";
import { type Setting, settingsQuery } from "./store.ts";

export function ServerTab() {
  const { data, error, refetch } = useQuery(settingsQuery);
  const [typed, setTyped] = useState("");
  const [onlyOwn, setOnlyOwn] = useState(false);
  const problem = error === null ? null : asProblem(error);
  const shown = (data ?? []).filter(
    (one) => fits(one, typed) && (!onlyOwn || one.source !== "default"),
  );
  return (
    <>
      <p className={styles.lead}>{t.serverLead}</p>
      {problem === null ? null : (
        <ProblemCard message={problem.message} remedy={problem.remedy}>
          <Button variant="default" onClick={() => void refetch()}>
            {words.retry}
          </Button>
        </ProblemCard>
      )}
      {data === undefined && problem === null ? <Loading /> : null}
      {data === undefined ? null : (
        <>
          <div className={styles.tools}>
            <TextInput
              size="xs"
              type="search"
              className={styles.search ?? ""}
              aria-label={t.search}
              placeholder={t.search}
              autoComplete="off"
              spellCheck={false}
              leftSection={<IconSearch size={15} aria-hidden />}
              value={typed}
              onChange={(event) => {
                setTyped(event.currentTarget.value);
              }}
            />
            <Switch
              size="sm"
              label={t.onlyOwn}
              checked={onlyOwn}
              onChange={(event) => {
                setOnlyOwn(event.currentTarget.checked);
              }}
            />
          </div>
          {shown.length === 0 ? <p className={styles.none}>{t.noMatch}</p> : null}
          <ul className={styles.settings}>
            {shown.map((setting) => (
              <OneSetting key={setting.name} setting={setting} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function OneSetting({ setting }: { readonly setting: Setting }) {
  const { name, value, source, help } = setting;
  const line = fileLine(name, value);
  const variable = variableLine(name, value);
  return (
    <li className={styles.setting} aria-label={name}>
      <div className={styles.what}>
        <p>
          <code className={styles.key}>{name}</code>
          <span className={styles.source} data-own={source !== "default"}>
            {t.sources[source] ?? source}
          </span>
        </p>
        <p className={styles.hint}>{help}</p>
      </div>
      <div className={styles.lines}>
        <p>
          <code>{line}</code>
          <CopyButton text={line} what={t.inFile(name)} />
        </p>
        <p className={styles.variable}>
          <code>{variable}</code>
          <CopyButton text={variable} what={t.inEnvironment(name)} />
        </p>
      </div>
    </li>
  );
}

function Loading() {
  return (
    <div role="group" aria-busy aria-label={t.loading} className={styles.settings}>
      {[0, 1, 2, 3, 4, 5].map((line) => (
        <Skeleton key={line} height={52} radius={6} mb={8} />
      ))}
    </div>
  );
}

function fits(setting: Setting, typed: string): boolean {
  const text = `${setting.name} ${setting.help} ${setting.source}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
