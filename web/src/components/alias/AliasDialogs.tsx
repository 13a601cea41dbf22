// The dialogs of an alias's actions, one open at a time; loaded when the first one is.
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { cloneAlias, renameAlias } from "@/api/aliases.ts";
import type { AliasRow } from "@/api/types.ts";
import { toast } from "@/components/toast.ts";

import { t } from "./messages.en.ts";
import { NameDialog } from "./NameDialog.tsx";
import { TagsDialog } from "./TagsDialog.tsx";
import type { Named } from "./useAliasActions.ts";

export type Asking =
  | { readonly what: "clone" | "rename"; readonly alias: Named }
  | { readonly what: "tag"; readonly alias: AliasRow }
  | null;

interface Props {
  readonly asking: Asking;
  readonly onClose: () => void;
}

export default function AliasDialogs({ asking, onClose }: Props) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  if (asking === null) return null;
  if (asking.what === "tag") return <TagsDialog alias={asking.alias} onClose={onClose} />;
  const { alias, what } = asking;
  const isModel = alias.source === "model";
  const clone = async (name: string) => {
    const made = await cloneAlias(alias.id, name);
    await queries.invalidateQueries({ queryKey: ["aliases"] });
    toast(isModel ? t.created(made.name) : t.cloned(made.name));
    await navigate({ to: "/aliases/$id/edit", params: { id: made.id } });
  };
  const rename = async (name: string) => {
    const renamed = await renameAlias(alias, name);
    await queries.invalidateQueries({ queryKey: ["aliases"] });
    toast(t.renamed(renamed.name));
    await navigate({ to: "/aliases/$id", params: { id: renamed.id } });
  };
  if (what === "rename")
    return (
      <NameDialog
        title={t.renameTitle(alias.name)}
        hint={t.renameHint}
        suggestion={alias.name}
        verb={t.rename}
        onName={rename}
        onClose={onClose}
      />
    );
  return (
    <NameDialog
      title={isModel ? t.createTitle(alias.name) : t.cloneTitle(alias.name)}
      hint={t.nameHint}
      suggestion={isModel ? nameOfModel(alias.name) : t.copyOf(alias.name)}
      verb={isModel ? t.createCustom : t.clone}
      onName={clone}
      onClose={onClose}
    />
  );
}

/** `owner/Llama-3.2-1B-Instruct-GGUF:Q8_0` is offered as `llama-3.2-1b-instruct:q8_0`. */
function nameOfModel(name: string): string {
  const last = name.slice(name.lastIndexOf("/") + 1);
  return last.replace(/-GGUF(?=:|$)/i, "").toLowerCase();
}
