// The list as a screen needs it: asked for, searched, sorted, grouped, folded.
import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useEffect, useMemo } from "react";

import { aliasesQuery } from "@/api/queries.ts";
import { aliasUsageQuery } from "@/api/usage.ts";
import type { AliasRow } from "@/api/types.ts";
import { prepareToCompare } from "@/lib/rows.ts";

import { filterOf, fitting, groupNames, inOrder, rowsOf, type Usage } from "./rows.ts";
import { type AliasSearch, sortOf } from "@/lib/aliasSearch.ts";

const NONE: readonly AliasRow[] = [];
const UNUSED: Usage = new Map();
const MANY_GROUPS = 3;

/** `typed` is what to search for; `brief`: many groups start folded, as on a phone. */
export function useAliasList(search: AliasSearch, typed: string, brief: boolean) {
  const query = useQuery(aliasesQuery);
  const usage = useQuery(aliasUsageQuery);
  useEffect(() => {
    // While the answer is on its way.
    const timer = setTimeout(prepareToCompare);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  // Drawn in small pieces, between which a key or a finger is heard.
  const data = useDeferredValue(query.data);
  const group = search.group ?? "family";
  const source = search.source ?? "all";
  const sort = search.sort ?? "";
  const all: readonly AliasRow[] = data?.aliases ?? NONE;
  const filter = useMemo(() => filterOf(typed), [typed]);
  const used = usage.data ?? UNUSED;
  const lacksUsage = usage.isError && usage.data === undefined;
  // Ages are looked at anew when the figures come, not with every drawing.
  const now = usage.dataUpdatedAt / 1000;
  const ordered = useMemo(() => inOrder(all, sortOf({ sort }), used), [all, sort, used]);
  const found = useMemo(
    () => fitting(ordered, { filter, source, usage: used, now }),
    [ordered, filter, source, used, now],
  );
  const [toggled, setToggled] = useLocalStorage<readonly string[]>({
    key: "bodhi-folded",
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const names = useMemo(() => groupNames(all, group), [all, group]);
  const startFolded = brief && names.size > MANY_GROUPS && typed === "";
  const rows = useMemo(() => {
    const chosen = new Set(toggled);
    const folded = new Set([...names].filter((name) => chosen.has(name) !== startFolded));
    return rowsOf(found, group, folded);
  }, [found, group, names, toggled, startFolded]);
  const fold = useCallback(
    (name: string) => {
      setToggled((before) =>
        before.includes(name) ? before.filter((one) => one !== name) : [...before, name],
      );
    },
    [setToggled],
  );
  const foldAll = useCallback(
    (folded: boolean) => {
      setToggled((before) => {
        const others = before.filter((name) => !names.has(name));
        return folded === startFolded ? others : [...others, ...names];
      });
    },
    [names, startFolded, setToggled],
  );
  const unknownTerms = filter.unknown;
  const isThere = data !== undefined;
  return { query, isThere, all, found, rows, usage: used, lacksUsage, unknownTerms, fold, foldAll };
}
