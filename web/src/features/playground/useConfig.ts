// The alias that is asked, and the values that are tried on it, as React reads them.
import { useWindowEvent } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";

import { asProblem, type Problem } from "@/api/problem.ts";
import { aliasQuery, paramsQuery, rulesQuery } from "@/api/queries.ts";
import type { AliasDetail, AliasRow, Finding, Parameter, Rule, Rung } from "@/api/types.ts";
import { belowOf, settingsOf } from "@/components/params/edits.ts";
import { factsOf, localFindings, merged } from "@/components/params/localFindings.ts";
import { useWrong } from "@/components/params/useWrong.ts";
import { isChord } from "@/lib/keys.ts";

import { type Configuration, ConfigStore } from "./ConfigStore.ts";

export interface Config extends Configuration {
  readonly store: ConfigStore;
  readonly alias: AliasDetail;
  readonly params: readonly Parameter[];
  readonly below: ReadonlyMap<string, Rung>;
  readonly findings: readonly Finding[];
  /** Fields whose text is no value: what is typed there is not sent. */
  readonly wrong: ReadonlyMap<string, string>;
  readonly onWrong: (key: string, message: string | null) => void;
}

const NO_RULES: readonly Rule[] = [];
const NO_FINDINGS: readonly Finding[] = [];
const NOTHING = { subscribe: () => () => undefined, snapshot: () => null };

// A store lives as long as the page: who comes back to an alias finds the way back of each change.
const stores = new Map<
  string,
  { readonly params: readonly Parameter[]; readonly store: ConfigStore }
>();

function storeOf(alias: AliasDetail, params: readonly Parameter[]): ConfigStore {
  const known = stores.get(alias.id);
  if (known?.params === params) return known.store;
  const store = new ConfigStore(alias.id, settingsOf(alias.set), params);
  stores.set(alias.id, { params, store });
  return store;
}

/** null until it is read; `problem` says why it cannot be. */
export function useConfig(row: AliasRow | undefined): {
  readonly config: Config | null;
  readonly problem: Problem | null;
} {
  const id = row?.id ?? "";
  const detail = useQuery({ ...aliasQuery(id), enabled: row !== undefined });
  const alias = detail.data?.id === id ? detail.data : undefined;
  const registry = useQuery({
    ...paramsQuery(alias === undefined || alias.model === null ? null : alias.name),
    enabled: alias !== undefined,
  });
  const params = registry.data;
  const store = useMemo(
    () => (alias === undefined || params === undefined ? null : storeOf(alias, params)),
    // A newer content of the alias is laid under the changes, below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [alias?.id, params],
  );
  const source = store ?? NOTHING;
  const shown = useSyncExternalStore<Configuration | null>(source.subscribe, source.snapshot);
  const rules = useQuery(rulesQuery).data ?? NO_RULES;
  const { wrong, onWrong } = useWrong(id);
  useEffect(() => {
    if (alias !== undefined) store?.rebase(settingsOf(alias.set));
  }, [alias, store]);
  useUndoKeys(store);
  const below = useMemo(() => belowOf(alias?.effective ?? []), [alias]);
  const settings = shown?.settings;
  const isSaved = shown?.changed.size === 0;
  const findings = useMemo(() => {
    if (alias === undefined || params === undefined || settings === undefined) return NO_FINDINGS;
    const all = { rules, params, settings, below, model: factsOf(alias) };
    return merged(alias.findings, isSaved, () => localFindings(all), all);
  }, [alias, params, settings, rules, below, isSaved]);
  const failed = detail.error ?? registry.error;
  const problem = useMemo(() => (failed === null ? null : asProblem(failed)), [failed]);
  const config = useMemo(() => {
    if (store === null || shown === null || alias === undefined || params === undefined)
      return null;
    return { ...shown, store, alias, params, below, findings, wrong, onWrong };
  }, [store, shown, alias, params, below, findings, wrong, onWrong]);
  return { config, problem };
}

function useUndoKeys(store: ConfigStore | null): void {
  useWindowEvent("keydown", (event) => {
    if (store === null || event.target instanceof HTMLTextAreaElement) return;
    const isRedo = isChord(event, "y") || (isChord(event, "z") && event.shiftKey);
    if (!isRedo && !isChord(event, "z")) return;
    event.preventDefault();
    (isRedo ? store.redo : store.undo)();
  });
}
