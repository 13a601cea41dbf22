// The winner becomes what is worked on: its recipe in the draft of its alias, in the editor.
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";

import { cloneAlias } from "@/api/aliases.ts";
import { beginDraft, draftsQuery, replaceDraft } from "@/api/drafts.ts";
import { aliasesQuery } from "@/api/queries.ts";
import type { AliasRow } from "@/api/types.ts";
import { showVersion } from "@/api/versions.ts";
import { attempt } from "@/components/alias/useAliasActions.ts";
import { toastFailure } from "@/components/toast.ts";

import { laneOf } from "./lanes.ts";
import { t } from "./messages.en.ts";

const NameDialog = lazy(async () => ({
  default: (await import("@/components/alias/NameDialog.tsx")).NameDialog,
}));

export function ToDraft({ said }: { readonly said: string }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [names, setNames] = useState(false);
  const rows = useQuery(aliasesQuery).data?.aliases ?? [];
  const drafts = useQuery(draftsQuery).data ?? [];
  const lane = laneOf(said);
  const draft = lane.kind === "draft" ? drafts.find(({ id }) => id === lane.id) : undefined;
  const row = rows.find((one) =>
    lane.kind === "draft" ? one.id === draft?.alias_id : one.name === lane.name,
  );
  const edit = (id: string) => navigate({ to: "/aliases/$id/edit", params: { id } });
  const take = () => {
    if (row === undefined) return;
    if (row.source === "model") setNames(true);
    else if (lane.kind === "version")
      void attempt(async () => {
        if (await bring(row, lane.version)) await edit(row.id);
      });
    else void edit(row.id);
  };
  return (
    <>
      <Button variant="subtle" disabled={row === undefined} onClick={take}>
        {t.toDraft}
      </Button>
      {names && row !== undefined ? (
        <Suspense fallback={null}>
          <NameDialog
            title={t.nameTitle(row.name)}
            hint={t.nameHint}
            suggestion=""
            verb={t.create}
            onName={async (name) => {
              const made = await cloneAlias(row.id, name);
              await queries.invalidateQueries({ queryKey: ["aliases"] });
              await edit(made.id);
            }}
            onClose={() => {
              setNames(false);
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}

/** An older content as the draft; where there is a draft already, nothing of it is written over. */
async function bring(row: AliasRow, version: number): Promise<boolean> {
  if (row.draft !== null) {
    toastFailure(t.draftExists(row.name));
    return false;
  }
  const { source_text } = await showVersion(row.id, version);
  const draft = await beginDraft(row.id);
  await replaceDraft(draft, source_text);
  return true;
}
