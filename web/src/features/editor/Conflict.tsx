// Somebody else has changed what is edited here: nothing is written until a person has chosen.
import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";

import { asProblem } from "@/api/problem.ts";
import type { Change } from "@/api/types.ts";
import { StaleBanner } from "@/components/Problems.tsx";
import { toastFailure } from "@/components/toast.ts";

import { t } from "./messages.en.ts";
import { recipeEdits } from "./recipe.ts";
import type { Editor } from "./useEditor.ts";

const DifferencesDialog = lazy(() => import("./DifferencesDialog.tsx"));

export function Conflict({ editor }: { readonly editor: Editor }) {
  const [compares, setCompares] = useState(false);
  const { store, sync, alias, over } = editor;
  const { theirs, known } = sync;
  const isStale = known.baseEtag !== null && ![known.baseEtag, over].includes(alias.etag);
  if (theirs === null && !isStale) return null;
  const text =
    theirs === null ? t.staleAlias : theirs.draftId === null ? t.goneDraft : t.staleDraft;
  const draft = known.draftId === null ? null : { id: known.draftId, etag: known.etag };
  return (
    <>
      <StaleBanner text={text}>
        <Button
          variant="default"
          onClick={() => {
            setCompares(true);
          }}
        >
          {t.showDifferences}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            store.keepMine(alias.etag);
          }}
        >
          {t.keepMine}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            store.takeTheirs().catch((error: unknown) => {
              toastFailure(asProblem(error).message);
            });
          }}
        >
          {t.takeTheirs}
        </Button>
      </StaleBanner>
      {compares ? (
        <Suspense fallback={null}>
          <DifferencesDialog
            changes={theirs === null ? null : differences(editor)}
            draft={draft}
            onClose={() => {
              setCompares(false);
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}

/** From theirs to mine, field by field. */
function differences({ sync, recipe, params }: Editor): readonly Change[] {
  const theirs = sync.theirs?.recipe;
  if (theirs === null || theirs === undefined) return [];
  const back = new Map(
    recipeEdits(recipe, theirs, params).map(({ path, value }) => [path.join("/"), value]),
  );
  return recipeEdits(theirs, recipe, params).map(({ path, value }) => ({
    path,
    before: back.get(path.join("/")) ?? null,
    after: value,
  }));
}
