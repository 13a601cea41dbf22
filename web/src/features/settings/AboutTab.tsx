// Which program this is, and where it keeps its things.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { CopyButton } from "@/components/CopyButton.tsx";
import { t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import styles from "./SettingsScreen.module.css";
import { settingsQuery, versionQuery } from "./store.ts";

const API = "/api/v1/openapi.json";

export function AboutTab() {
  const version = useQuery(versionQuery).data;
  const settings = useQuery(settingsQuery).data ?? [];
  const pathsOf = (name: string): readonly string[] => {
    const value = settings.find((one) => one.name === name)?.value;
    return typeof value === "string" ? [value] : Array.isArray(value) ? value.map(String) : [];
  };
  return (
    <>
      <dl className={styles.facts}>
        <Fact name={t.version}>{version ?? words.unknown}</Fact>
        <Fact name={t.address}>
          <Path text={location.origin} />
        </Fact>
        <Fact name={t.api}>
          <a href={API}>{API}</a>
        </Fact>
        <Fact name={t.license}>{t.licenseText}</Fact>
      </dl>
      <h2 className={styles.section}>{t.paths}</h2>
      <dl className={styles.facts}>
        {(
          [
            ["home", t.home],
            ["hub_cache", t.hub],
            ["model_folders", t.folders],
          ] as const
        ).map(([name, label]) => (
          <Fact key={name} name={label}>
            {pathsOf(name).length === 0 ? t.none : null}
            {pathsOf(name).map((path) => (
              <Path key={path} text={path} />
            ))}
          </Fact>
        ))}
      </dl>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Path({ text }: { readonly text: string }) {
  return (
    <span className={styles.path}>
      <code>{text}</code>
      <CopyButton text={text} what={text} />
    </span>
  );
}
