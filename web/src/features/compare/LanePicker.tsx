// Chooses what answers in a lane: an alias, one of its versions, or a draft.
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { draftsQuery } from "@/api/drafts.ts";
import { aliasesQuery } from "@/api/queries.ts";
import { reached } from "@/api/reached.ts";
import { versionsQuery } from "@/api/versions.ts";
import { usePhone } from "@/components/usePhone.ts";

import { laneOf, saidOf } from "./lanes.ts";
import { t } from "./messages.en.ts";

const MOST_OPTIONS = 60;

interface Props {
  readonly letter: string;
  readonly said: string;
  readonly onChoose: (said: string) => void;
}

export function LanePicker({ letter, said, onChoose }: Props) {
  const phone = usePhone();
  const groups = useChoices(said);
  return (
    <Select
      size={phone ? "md" : "xs"}
      style={{ flex: 1, minWidth: 0 }}
      aria-label={t.choose(letter)}
      placeholder={t.chooseHint}
      nothingFoundMessage={t.none}
      searchable
      allowDeselect={false}
      limit={MOST_OPTIONS}
      data={groups}
      value={said === "" ? null : said}
      onChange={(next) => {
        if (next !== null) onChoose(next);
      }}
    />
  );
}

interface Item {
  readonly value: string;
  readonly label: string;
}

function useChoices(said: string) {
  const lane = laneOf(said);
  const rows = reached(useQuery(aliasesQuery).data?.aliases ?? []);
  const drafts = useQuery(draftsQuery).data ?? [];
  const own = lane.kind === "draft" ? undefined : rows.find(({ name }) => name === lane.name);
  const versions = useQuery({
    ...versionsQuery(own?.id ?? ""),
    enabled: own?.source === "user",
  }).data;
  const aliases: Item[] = rows.map(({ name }) => ({ value: name, label: name }));
  const ofDrafts = drafts.map(({ id, name }): Item => ({
    value: saidOf({ kind: "draft", id }),
    label: t.draftOf(name ?? id),
  }));
  const ofVersions = (own === undefined ? [] : (versions ?? [])).map(({ version }): Item => {
    const label = t.version(own?.name ?? "", version);
    return { value: label, label };
  });
  const known = [...aliases, ...ofDrafts, ...ofVersions].some(({ value }) => value === said);
  // What the address names and nobody has is shown all the same: the server answers for it.
  const others: Item[] = known || said === "" ? [] : [{ value: said, label: said }];
  return [
    { group: t.groups.versions, items: [...ofVersions, ...others] },
    { group: t.groups.drafts, items: ofDrafts },
    { group: t.groups.aliases, items: aliases },
  ].filter(({ items }) => items.length > 0);
}
