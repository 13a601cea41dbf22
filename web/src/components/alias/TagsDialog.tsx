// The tags of one alias, changed in its file; what others are tagged with is offered.
import { Button, Modal, TagsInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";

import { editAlias } from "@/api/aliases.ts";
import { asProblem, inOneLine } from "@/api/problem.ts";
import { aliasesQuery } from "@/api/queries.ts";
import type { AliasRow } from "@/api/types.ts";
import { toast } from "@/components/toast.ts";
import { useFocusBack } from "@/components/useFocusBack.ts";
import { byText } from "@/lib/rows.ts";
import { t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import styles from "./NameDialog.module.css";
import { attempt } from "./useAliasActions.ts";

interface Props {
  readonly alias: AliasRow;
  readonly onClose: () => void;
}

export function TagsDialog({ alias, onClose }: Props) {
  const queries = useQueryClient();
  const { data } = useQuery(aliasesQuery);
  const [tags, setTags] = useState<readonly string[]>(alias.tags);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useFocusBack();
  const known = new Set((data?.aliases ?? []).flatMap((row) => row.tags));
  const save = async (based: Pick<AliasRow, "id" | "etag">, next: readonly string[]) => {
    // No tags are written as none: the key goes out of the file.
    const value = next.length === 0 ? null : [...next];
    const saved = await editAlias(based, [{ path: ["tags"], value }]);
    await queries.invalidateQueries({ queryKey: ["aliases"] });
    return saved;
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const saved = await save(alias, tags);
      onClose();
      toast(t.tagged(alias.name), {
        label: t.undo,
        run: () =>
          void attempt(async () => {
            await save(saved, alias.tags);
            toast(t.untagged(alias.name));
          }),
      });
    } catch (thrown) {
      setError(inOneLine(asProblem(thrown)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.tagsTitle(alias.name)}
      size={440}
      closeButtonProps={{ "aria-label": words.close }}
    >
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <TagsInput
          size="sm"
          label={t.tags}
          description={t.tagsHint}
          error={error}
          data-autofocus
          data={[...known].sort(byText)}
          value={[...tags]}
          onChange={(next) => {
            setTags(next);
            setError(null);
          }}
        />
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button type="submit" loading={busy} disabled={same(tags, alias.tags)}>
            {t.saveTags}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
