// The editor's store as React reads it, with what is derived from it: values below, findings, errors.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";

import { draftsQuery } from "@/api/drafts.ts";
import { aliasQuery, rulesQuery } from "@/api/queries.ts";
import type { AliasDetail, Finding, Parameter, Rule, Rung } from "@/api/types.ts";
import { factsOf, localFindings, merged } from "@/components/params/localFindings.ts";
import { useBelow } from "@/components/params/useBelow.ts";
import { useWrong } from "@/components/params/useWrong.ts";

import { type Editing, EditorStore } from "./EditorStore.ts";
import { type EditorError, errorFindings, errorsOf } from "./errors.ts";
import type { Loaded } from "./loaded.ts";

export interface Editor extends Editing {
  readonly store: EditorStore;
  readonly alias: AliasDetail;
  readonly params: readonly Parameter[];
  readonly below: ReadonlyMap<string, Rung>;
  readonly findings: readonly Finding[];
  readonly errors: readonly EditorError[];
  readonly onWrong: (key: string, message: string | null) => void;
}

const NO_RULES: readonly Rule[] = [];

export function useEditor(loaded: Loaded, params: readonly Parameter[]): Editor {
  const [store] = useState(() => new EditorStore(loaded, params));
  const editing = useSyncExternalStore(store.subscribe, store.snapshot);
  const alias = useQuery(aliasQuery(loaded.id)).data ?? loaded.alias;
  const rules = useQuery(rulesQuery).data ?? NO_RULES;
  const { wrong, onWrong } = useWrong(loaded.id);
  useOthers(store, editing);
  useEffect(
    () => () => {
      void store.sync.flush();
    },
    [store],
  );
  // A draft that cannot be read has no values.
  const below = useBelow(editing.sync.known.effective);
  const odd = useFindings(editing, { rules, params, below, alias });
  const findings = useMemo(() => {
    const wrongValues = errorFindings(editing, params);
    return wrongValues.length === 0 ? odd : [...odd, ...wrongValues];
  }, [odd, editing, params]);
  const errors = useMemo(() => errorsOf(editing, params, wrong), [editing, params, wrong]);
  return { ...editing, store, alias, params, below, findings, errors, onWrong };
}

/** The draft as another window may have changed it: the server's events make this query old. */
function useOthers(store: EditorStore, editing: Editing): void {
  const { draftId, seq } = editing.sync.known;
  const { status } = editing.sync;
  const { data } = useQuery({ ...draftsQuery, enabled: draftId !== null });
  const item = data?.find(({ id }) => id === draftId);
  useEffect(() => {
    if (item !== undefined) void store.look(item);
  }, [store, item, seq, status]);
}

interface Facts {
  readonly rules: readonly Rule[];
  readonly params: readonly Parameter[];
  readonly below: ReadonlyMap<string, Rung>;
  readonly alias: AliasDetail;
}

function useFindings(editing: Editing, { rules, params, below, alias }: Facts) {
  const { settings } = editing.recipe;
  const { known, reached } = editing.sync;
  const isCurrent = reached === editing.recipe;
  return useMemo(() => {
    const model = factsOf(alias);
    const all = { rules, params, settings, below, model };
    return merged(known.findings, isCurrent, () => localFindings(all), all);
  }, [rules, params, settings, below, alias, known.findings, isCurrent]);
}
