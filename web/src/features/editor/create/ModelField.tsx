// The model file that answers; for who is guided, those that fit this machine come first.
import { Select } from "@mantine/core";

import type { ModelItem } from "@/api/types.ts";

import { VERDICTS } from "./making.ts";
import { t } from "./messages.en.ts";
import type { Create } from "./useCreate.ts";

export function ModelField({ create }: { readonly create: Create }) {
  const { making, models, model, fits, say } = create;
  const isGuided = making.kind === "guided";
  const words = isGuided && model !== null ? fits.get(model.id)?.words : undefined;
  return (
    <Select
      label={t.model}
      description={words ?? (isGuided && fits.size === 0 ? t.fitting : undefined)}
      placeholder={t.chooseModel}
      searchable
      required
      allowDeselect={false}
      data={isGuided ? grouped(models ?? [], create) : (models ?? []).map(({ id }) => id)}
      value={model?.id ?? null}
      onChange={(id) => {
        say({ model: id, ...(making.kind === "alias" ? {} : { settings: null }) });
      }}
    />
  );
}

function grouped(models: readonly ModelItem[], { fits }: Create) {
  const of = (verdict: string | undefined) =>
    models.filter(({ id }) => fits.get(id)?.verdict === verdict).map(({ id }) => id);
  const groups = VERDICTS.map((verdict) => ({ group: t.verdicts[verdict], items: of(verdict) }));
  return [...groups, { group: t.unknownFit, items: of(undefined) }].filter(
    ({ items }) => items.length > 0,
  );
}
