// An alias that is pinned beside the form: its values in a column, and where they differ.
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { memo, useMemo } from "react";

import { aliasesQuery, aliasQuery } from "@/api/queries.ts";
import type { Reference } from "@/components/params/ParamGroups.tsx";
import { useReferenceId } from "@/components/preferences.ts";

import { t } from "./messages.en.ts";
import styles from "./PresetChips.module.css";

/** It stays pinned from one editor to the next; an alias is not held against itself. */
export function useReference(own: string) {
  const [id, setId] = useReferenceId();
  const isShown = id !== "" && id !== own;
  const { data } = useQuery({ ...aliasQuery(id), enabled: isShown });
  const values = useMemo(
    (): Reference | null =>
      data === undefined || !isShown
        ? null
        : {
            name: data.name,
            values: new Map(data.effective.map(({ key, value }) => [key, value] as const)),
          },
    [data, isShown],
  );
  return { id, values, choose: setId };
}

interface Props {
  readonly chosen: string;
  readonly own: string;
  readonly onChoose: (id: string) => void;
}

export const ReferencePicker = memo(function ReferencePicker(props: Props) {
  const { chosen, own, onChoose } = props;
  const { data } = useQuery(aliasesQuery);
  const rows = (data?.aliases ?? []).filter(({ id }) => id !== own);
  const isThere = rows.some(({ id }) => id === chosen);
  return (
    <div className={styles.presets}>
      <span className={styles.label}>{t.reference}</span>
      <Select
        size="xs"
        aria-label={t.reference}
        placeholder={t.noReference}
        searchable
        clearable
        data={rows.map(({ id, name }) => ({ value: id, label: name }))}
        value={isThere ? chosen : null}
        onChange={(id) => {
          onChoose(id ?? "");
        }}
      />
    </div>
  );
});
