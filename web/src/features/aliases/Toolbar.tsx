// Search, kind and grouping of the list.
import { NativeSelect, Select, VisuallyHidden } from "@mantine/core";
import { type Icon, IconLayoutGrid, IconTable } from "@tabler/icons-react";
import { memo, type ReactNode } from "react";

import type { AliasRow } from "@/api/types.ts";
import { Segments } from "@/components/Segments.tsx";
import { t } from "@/messages.en.ts";

import { type AliasSearch, GROUPINGS, SOURCES, type View, VIEWS } from "@/lib/aliasSearch.ts";
import { SearchField } from "./SearchField.tsx";
import styles from "./Toolbar.module.css";

type Change = Readonly<Partial<Record<"source" | "group" | "view", string>>>;

const VIEW_ICONS: Readonly<Record<View, ReactNode>> = {
  table: <ViewIcon name={t.list.views.table} Drawn={IconTable} />,
  cards: <ViewIcon name={t.list.views.cards} Drawn={IconLayoutGrid} />,
};

interface Props {
  readonly search: AliasSearch;
  readonly typed: string;
  readonly phone: boolean;
  /** What completions are made of. */
  readonly aliases: readonly AliasRow[];
  readonly onTyped: (typed: string) => void;
  readonly onChange: (change: Change) => void;
  /** ↓ or Enter in the field: on into the rows. */
  readonly onLeave: () => void;
}

export function Toolbar(props: Props) {
  const { search, typed, phone, aliases, onTyped, onChange, onLeave } = props;
  return (
    <div className={styles.toolbar}>
      <SearchField
        typed={typed}
        phone={phone}
        aliases={aliases}
        onTyped={onTyped}
        onLeave={onLeave}
      />
      <Choices search={search} phone={phone} onChange={onChange} />
    </div>
  );
}

type ChoicesProps = Pick<Props, "search" | "phone" | "onChange">;

/** Not drawn anew by a letter of a search. */
const Choices = memo(function Choices({ search, phone, onChange }: ChoicesProps) {
  return (
    <>
      <Segments
        className={styles.kinds}
        label={t.list.source}
        data={SOURCES.map((value) => ({ value, label: t.list.sources[value] }))}
        value={search.source ?? "all"}
        onChange={(source) => {
          onChange({ source });
        }}
      />
      <Grouping phone={phone} group={search.group ?? "family"} onChange={onChange} />
      {phone ? null : (
        <Segments
          label={t.list.view}
          data={VIEWS.map((value) => ({ value, label: VIEW_ICONS[value] }))}
          value={search.view ?? "table"}
          onChange={(view) => {
            onChange({ view });
          }}
        />
      )}
    </>
  );
});

interface GroupingProps {
  readonly phone: boolean;
  readonly group: string;
  readonly onChange: (change: Change) => void;
}

/** On a phone the one that its system has. */
function Grouping({ phone, group, onChange }: GroupingProps) {
  const said = {
    className: styles.group ?? "",
    "aria-label": t.list.groupBy,
    data: GROUPINGS.map((value) => ({ value, label: t.list.groups[value] })),
    value: group,
  };
  const choose = (value: string | null) => {
    const chosen = GROUPINGS.find((one) => one === value);
    if (chosen !== undefined) onChange({ group: chosen });
  };
  return phone ? (
    <NativeSelect
      {...said}
      size="md"
      onChange={({ currentTarget }) => {
        choose(currentTarget.value);
      }}
    />
  ) : (
    <Select {...said} size="xs" allowDeselect={false} onChange={choose} />
  );
}

function ViewIcon({ name, Drawn }: { readonly name: string; readonly Drawn: Icon }) {
  return (
    <span className={styles.view} title={name}>
      <Drawn size={15} stroke={1.7} aria-hidden />
      <VisuallyHidden>{name}</VisuallyHidden>
    </span>
  );
}
