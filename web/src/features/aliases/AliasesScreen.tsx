// `/aliases`: every alias, searched and grouped, with the details of one beside the list.
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef } from "react";

import type { AliasRow } from "@/api/types.ts";
import { announce } from "@/components/announcer.ts";
import { Failed } from "@/components/Failed.tsx";
import { Notice, StaleBanner } from "@/components/Problems.tsx";
import { Pulled } from "@/components/Pulled.tsx";
import { Screen } from "@/components/Screen.tsx";
import { usePhone } from "@/components/usePhone.ts";
import { clockOf } from "@/lib/localTime.ts";
import { formatSort } from "@/lib/rows.ts";
import { t } from "@/messages.en.ts";

import { AliasCards } from "./AliasCards.tsx";
import styles from "./AliasesScreen.module.css";
import { AliasTable, type ListHandle } from "./AliasTable.tsx";
import { DetailLayer } from "./DetailLayer.tsx";
import { ListEmpty, ListLoading } from "./ListStates.tsx";
import { readAliasSearch, type Sort, sortOf } from "@/lib/aliasSearch.ts";
import { QuickFilters } from "./QuickFilters.tsx";
import { Toolbar } from "./Toolbar.tsx";
import { useAliasList } from "./useAliasList.ts";
import { useListActions } from "./useListActions.ts";
import { useTyped } from "./useTyped.ts";

const BatchBar = lazy(() => import("./BatchBar.tsx"));
const TuneLayer = lazy(() => import("./tune/TuneLayer.tsx"));

const route = getRouteApi("/aliases");

// One and the same whatever is typed, so that it is not drawn anew.
const CREATE = (
  <Button component={Link} to="/aliases/new" leftSection={<IconPlus size={15} aria-hidden />}>
    {t.list.create}
  </Button>
);

export function AliasesScreen() {
  const phone = usePhone();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const handle = useRef<ListHandle>(null);
  const change = useCallback(
    (changed: Readonly<Record<string, string | undefined>>, replace = true) => {
      void navigate({ search: (before) => readAliasSearch({ ...before, ...changed }), replace });
    },
    [navigate],
  );
  const write = useCallback(
    (q: string) =>
      navigate({ search: (before) => readAliasSearch({ ...before, q }), replace: true }),
    [navigate],
  );
  const { typed, sought, type } = useTyped(search.q ?? "", write, phone);
  const list = useAliasList(search, sought, phone);
  const { query, isThere, all, found, rows, unknownTerms } = list;
  const isOpen = search.sel !== undefined;
  const open = useCallback(
    (row: AliasRow) => {
      change({ sel: row.id }, isOpen);
    },
    [change, isOpen],
  );
  const sort = useMemo(() => sortOf({ sort: search.sort ?? "" }), [search.sort]);
  const onSort = useCallback(
    (next: Sort) => {
      change({ sort: formatSort(next) });
    },
    [change],
  );
  const { actions, dialogs, marked, unmark, tuned, endTuning } = useListActions({
    rows,
    open,
    fold: list.fold,
    foldAll: list.foldAll,
  });
  useAnnouncedCount(typed, found.length);
  const selected = all.find((row) => row.id === search.sel) ?? null;
  const tunedRow = all.find((row) => row.id === tuned?.id);
  return (
    <div className={styles.split}>
      <Screen title={t.list.title} note={<Counts list={list} />} aside={CREATE} fixed>
        <Toolbar
          search={search}
          typed={typed}
          phone={phone}
          aliases={all}
          onTyped={type}
          onChange={change}
          onLeave={() => handle.current?.focus()}
        />
        <QuickFilters typed={typed} onTyped={type} />
        {unknownTerms.length > 0 ? (
          <Notice text={t.list.unknownTerms(unknownTerms.join(", "))} />
        ) : null}
        {query.isError && query.data !== undefined ? (
          <StaleBanner text={t.list.stale(clockOf(query.dataUpdatedAt / 1000))}>
            <Button variant="default" onClick={() => void query.refetch()}>
              {t.retry}
            </Button>
          </StaleBanner>
        ) : null}
        {list.lacksUsage && isThere ? <Notice text={t.list.noUsage} /> : null}
        {isThere || query.isError ? null : <ListLoading phone={phone} />}
        {query.isError && query.data === undefined ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : null}
        {isThere && found.length === 0 ? (
          <ListEmpty
            none={all.length === 0}
            onShowAll={() => {
              type("");
              change({ source: "all" });
            }}
          />
        ) : null}
        {found.length === 0 ? null : phone || search.view === "cards" ? (
          <AliasCards
            rows={rows}
            phone={phone}
            usage={list.usage}
            actions={actions}
            handle={handle}
          />
        ) : (
          <AliasTable
            rows={rows}
            sort={sort}
            selected={search.sel ?? null}
            marking={marked.size > 0}
            usage={list.usage}
            actions={actions}
            onSort={onSort}
            handle={handle}
          />
        )}
      </Screen>
      {marked.size > 0 ? (
        <Suspense fallback={null}>
          <BatchBar
            rows={all.filter((row) => marked.has(row.id))}
            onExport={actions.exportFiles}
            onDone={unmark}
          />
        </Suspense>
      ) : null}
      {dialogs}
      <Pulled />
      {tuned === null || tunedRow === undefined ? null : (
        <Suspense fallback={null}>
          <TuneLayer tuned={tuned} row={tunedRow} commands={actions} onClose={endTuning} />
        </Suspense>
      )}
      <DetailLayer
        row={selected}
        actions={actions}
        onClose={() => {
          change({ sel: "" });
        }}
        onLeave={() => handle.current?.focus()}
      />
    </div>
  );
}

function Counts({ list }: { readonly list: ReturnType<typeof useAliasList> }) {
  const { isThere, all, found } = list;
  if (!isThere) return null;
  if (found.length !== all.length) return t.list.found(found.length, all.length);
  const yours = all.filter((row) => row.source === "user").length;
  return [t.list.total(all.length), t.list.yours(yours)].join(t.separator);
}

/** Says how many were found, once typing rests. */
function useAnnouncedCount(typed: string, count: number): void {
  useEffect(() => {
    if (typed === "") return;
    const timer = setTimeout(() => {
      announce(t.list.announce(count));
    }, 600);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, count]);
}
