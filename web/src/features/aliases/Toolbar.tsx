// Search, kind and grouping of the list.
import { CloseButton, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useRef } from "react";

import { Keys } from "@/components/Keys.tsx";
import { isCommand } from "@/lib/keys.ts";
import { t } from "@/messages.en.ts";

import {
  type AliasSearch,
  GROUPINGS,
  type Grouping,
  SOURCES,
  type SourceChoice,
} from "@/lib/aliasSearch.ts";
import styles from "./Toolbar.module.css";

interface Props {
  readonly search: AliasSearch;
  readonly phone: boolean;
  readonly onChange: (change: { q?: string; source?: SourceChoice; group?: Grouping }) => void;
  /** ↓ or Enter in the field: on into the rows. */
  readonly onLeave: () => void;
}

export function Toolbar({ search, phone, onChange, onLeave }: Props) {
  const size = phone ? "md" : "xs";
  return (
    <div className={styles.toolbar}>
      <SearchField search={search} phone={phone} onChange={onChange} onLeave={onLeave} />
      <SegmentedControl
        size={size}
        className={styles.kinds ?? ""}
        aria-label={t.list.source}
        data={SOURCES.map((value) => ({ value, label: t.list.sources[value] }))}
        value={search.source ?? "all"}
        onChange={(source) => {
          onChange({ source });
        }}
      />
      <Select
        size={size}
        className={styles.group ?? ""}
        aria-label={t.list.groupBy}
        allowDeselect={false}
        data={GROUPINGS.map((value) => ({ value, label: t.list.groups[value] }))}
        value={search.group ?? "family"}
        onChange={(value) => {
          const group = GROUPINGS.find((one) => one === value);
          if (group !== undefined) onChange({ group });
        }}
      />
    </div>
  );
}

function SearchField({ search, phone, onChange, onLeave }: Props) {
  const field = useRef<HTMLInputElement>(null);
  useWindowEvent("keydown", (event) => {
    if (event.key !== "/" || !isCommand(event)) return;
    event.preventDefault();
    field.current?.focus();
    field.current?.select();
  });
  const clear = () => {
    onChange({ q: "" });
    field.current?.focus();
  };
  const filled = (search.q ?? "") !== "";
  return (
    <TextInput
      ref={field}
      size={phone ? "md" : "xs"}
      type="search"
      className={styles.search ?? ""}
      aria-label={t.list.search}
      placeholder={phone ? t.list.searchHintShort : t.list.searchHint}
      autoComplete="off"
      spellCheck={false}
      enterKeyHint="search"
      leftSection={<IconSearch size={15} aria-hidden />}
      rightSection={
        filled ? (
          <CloseButton size={phone ? "md" : "sm"} aria-label={t.list.clear} onClick={clear} />
        ) : phone ? null : (
          <Keys names={["/"]} />
        )
      }
      value={search.q ?? ""}
      onChange={(event) => {
        onChange({ q: event.currentTarget.value });
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          if (filled) clear();
          else field.current?.blur();
        } else if (event.key === "ArrowDown" || event.key === "Enter") {
          event.preventDefault();
          onLeave();
        }
      }}
    />
  );
}
