// What can be done to an alias from wherever it is shown; each says what it did, and how to undo it.
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";

import { deleteAlias, exportAliases, pinAlias, restoreTrashed, sourceOf } from "@/api/aliases.ts";
import { asProblem, inOneLine } from "@/api/problem.ts";
import type { AliasRow } from "@/api/types.ts";
import { toast, toastFailure } from "@/components/toast.ts";
import { sharesOf } from "@/lib/archives.ts";
import { saveFile } from "@/lib/saveFile.ts";

import { t } from "./messages.en.ts";

export type Named = Pick<AliasRow, "id" | "name" | "etag" | "source">;

/** Runs `work`; what it raises is said in the corner. */
export async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    toastFailure(inOneLine(asProblem(error)));
  }
}

export function useAliasActions() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMemo(() => {
    const refresh = () => queries.invalidateQueries({ queryKey: ["aliases"] });
    const restore = (name: string, trashId: string) =>
      attempt(async () => {
        await restoreTrashed(trashId);
        await refresh();
        toast(t.restored(name));
      });
    return {
      tryIt: (name: string) => void navigate({ to: "/playground", search: { alias: name } }),
      edit: (id: string) => void navigate({ to: "/aliases/$id/edit", params: { id } }),
      remove: (alias: Named) =>
        attempt(async () => {
          const trashId = await deleteAlias(alias);
          await refresh();
          toast(t.deleted(alias.name), {
            label: t.undo,
            run: () => void restore(alias.name, trashId),
          });
        }),
      pin: (alias: Pick<AliasRow, "id" | "name">, pinned: boolean) =>
        attempt(async () => {
          await pinAlias(alias.id, pinned);
          await refresh();
          toast(pinned ? t.pinned(alias.name) : t.unpinned(alias.name));
        }),
      exportFiles: (rows: readonly Pick<AliasRow, "id" | "source">[]) =>
        attempt(async () => {
          const own = rows.filter((row) => row.source === "user").map(({ id }) => id);
          const [only] = own;
          if (own.length === 1 && only !== undefined)
            saveFile(`${only}.yaml`, await sourceOf(only), "application/yaml");
          else for (const { file, ids } of sharesOf(own)) saveFile(file, await exportAliases(ids));
          toast(t.exported(own.length));
        }),
    };
  }, [queries, navigate]);
}
