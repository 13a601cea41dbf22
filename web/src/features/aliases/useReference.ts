// The pinned alias whose values stand beside those of the one that is looked at; chosen once, kept on
// this device.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { aliasesQuery, aliasQuery } from "@/api/queries.ts";
import type { AliasRow, EffectiveValue } from "@/api/types.ts";
import { useReferenceId } from "@/components/preferences.ts";

export interface Reference {
  /** Pinned aliases beside the one that is looked at. */
  readonly pinned: readonly AliasRow[];
  readonly id: string | null;
  readonly name: string;
  /** By key; null where none is chosen, or it is not read yet. */
  readonly values: ReadonlyMap<string, EffectiveValue> | null;
  readonly choose: (id: string | null) => void;
}

export function useReference(shown: string): Reference {
  const { data } = useQuery(aliasesQuery);
  const [kept, setKept] = useReferenceId();
  const pinned = (data?.aliases ?? []).filter((row) => row.pinned && row.id !== shown);
  const chosen = pinned.find((row) => row.id === kept) ?? null;
  const id = chosen?.id ?? null;
  const detail = useQuery({ ...aliasQuery(id ?? ""), enabled: id !== null }).data;
  const values = useMemo(
    () =>
      id === null || detail === undefined
        ? null
        : new Map(detail.effective.map((one) => [one.key, one])),
    [id, detail],
  );
  const choose = (next: string | null) => {
    setKept(next ?? "");
  };
  return { pinned, id, name: chosen?.name ?? "", values, choose };
}
