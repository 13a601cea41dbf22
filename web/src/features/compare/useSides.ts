// What each lane would be asked with: read from the alias, the version's text, or the draft.
import { useQueries, useQuery } from "@tanstack/react-query";

import { showAlias } from "@/api/aliases.ts";
import { showDraft, validateText } from "@/api/drafts.ts";
import { asProblem, type Problem } from "@/api/problem.ts";
import { aliasesQuery } from "@/api/queries.ts";
import { rowNamed } from "@/api/reached.ts";
import type { AliasRow, EffectiveValue } from "@/api/types.ts";
import { showVersion } from "@/api/versions.ts";

import { laneOf } from "./lanes.ts";

export interface Sides {
  /** For each lane every value, or null where it is not known or cannot serve. */
  readonly values: readonly (readonly EffectiveValue[] | null)[];
  readonly isLoading: boolean;
  /** Why a lane, or the list of what there is, cannot be read. */
  readonly problem: Problem | null;
  readonly retry: () => void;
}

export function useSides(lanes: readonly string[]): Sides {
  const list = useQuery(aliasesQuery);
  const rows = list.data?.aliases ?? [];
  const found = useQueries({ queries: lanes.map((said) => sideQuery(said, rows)) });
  const all = [list, ...found];
  const failed = all.find(({ data, error }) => data === undefined && error !== null);
  return {
    values: found.map(({ data }) => (data === undefined || data.length === 0 ? null : data)),
    isLoading: all.some(({ isLoading }) => isLoading),
    problem: failed === undefined ? null : asProblem(failed.error),
    retry: () => {
      for (const one of all) if (one.error !== null) void one.refetch();
    },
  };
}

function sideQuery(said: string, rows: readonly AliasRow[]) {
  const lane = laneOf(said);
  const row = lane.kind === "draft" ? undefined : rowNamed(rows, lane.name);
  return {
    // Below "aliases": an event that makes aliases old makes this old.
    queryKey: ["aliases", "side", said, row?.etag ?? ""],
    queryFn: async ({ signal }: { signal: AbortSignal }): Promise<readonly EffectiveValue[]> => {
      if (lane.kind === "draft") return (await showDraft(lane.id, signal)).effective;
      if (row === undefined) return [];
      if (lane.kind === "alias") return (await showAlias(row.id, signal)).effective;
      const { source_text } = await showVersion(row.id, lane.version);
      return (await validateText(source_text, row.id, signal)).effective;
    },
    enabled: lane.kind === "draft" || row !== undefined,
    retry: false,
  };
}
