// The search field: a combobox whose list completes the term that is being typed.
import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef } from "react";

import type { AliasRow } from "@/api/types.ts";
import { Keys } from "@/components/Keys.tsx";
import { useSlash } from "@/components/useSlash.ts";
import { type Completion, withCompletion } from "@/lib/complete.ts";
import { t } from "@/messages.en.ts";

import styles from "./SearchField.module.css";
import { useCompletions } from "./useCompletions.ts";

interface Props {
  readonly typed: string;
  readonly phone: boolean;
  readonly aliases: readonly AliasRow[];
  readonly onTyped: (typed: string) => void;
  /** ↓ or Enter in the field: on into the rows. */
  readonly onLeave: () => void;
}

export function SearchField({ typed, phone, aliases, onTyped, onLeave }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const listId = useId();
  const { caret, setCaret, found, chosen, setChosen } = useCompletions(typed, aliases);
  useSlash(field);
  const placeCaret = useCaret(field, typed);
  const isOpen = found.length > 0;
  const clear = () => {
    setCaret(null);
    onTyped("");
    field.current?.focus();
  };
  const take = (one: Completion) => {
    const next = withCompletion(typed, caret ?? typed.length, one);
    placeCaret(next.caret);
    setCaret(one.isWhole ? null : next.caret);
    onTyped(next.typed);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = isOpen ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : undefined;
    const active = chosen === null ? undefined : found[chosen];
    if (step !== undefined) {
      event.preventDefault();
      const from = chosen ?? (step > 0 ? -1 : 0);
      setChosen((from + step + found.length) % found.length);
    } else if ((event.key === "Enter" || event.key === "Tab") && active !== undefined) {
      event.preventDefault();
      take(active);
    } else if (event.key === "Escape") {
      // The browser itself would empty the field, whatever lies above it.
      event.preventDefault();
      if (isOpen) setCaret(null);
      else if (typed !== "") clear();
      else field.current?.blur();
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      setCaret(null);
      onLeave();
    }
  };
  return (
    <div className={styles.search}>
      <TextInput
        ref={field}
        size={phone ? "md" : "xs"}
        type="search"
        role="combobox"
        aria-label={t.list.search}
        aria-expanded={isOpen}
        aria-controls={isOpen ? listId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={chosen === null ? undefined : optionId(listId, chosen)}
        placeholder={phone ? t.list.searchHintShort : t.list.searchHint}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="search"
        leftSection={<IconSearch size={15} aria-hidden />}
        rightSection={
          typed !== "" ? (
            <CloseButton size={phone ? "md" : "sm"} aria-label={t.list.clear} onClick={clear} />
          ) : phone ? null : (
            <Keys names={["/"]} />
          )
        }
        value={typed}
        onChange={({ currentTarget }) => {
          setCaret(currentTarget.selectionStart);
          onTyped(currentTarget.value);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setCaret(null);
        }}
      />
      {isOpen ? <Options id={listId} found={found} chosen={chosen} onTake={take} /> : null}
    </div>
  );
}

interface OptionsProps {
  readonly id: string;
  readonly found: readonly Completion[];
  readonly chosen: number | null;
  readonly onTake: (one: Completion) => void;
}

function Options({ id, found, chosen, onTake }: OptionsProps) {
  return (
    <div id={id} role="listbox" aria-label={t.list.completions} className={styles.options}>
      {found.map((one, place) => (
        // The field keeps the focus and has the keys: the option is for the pointer alone.
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
        <div
          key={one.term}
          id={optionId(id, place)}
          role="option"
          aria-selected={place === chosen}
          className={styles.option}
          onMouseDown={(event) => {
            event.preventDefault();
          }}
          onClick={() => {
            onTake(one);
          }}
        >
          <code>{one.term}</code>
          <span>{one.note}</span>
        </div>
      ))}
    </div>
  );
}

function optionId(listId: string, place: number): string {
  return `${listId}-${place}`;
}

/** A completed term leaves the caret behind itself, not at the end. */
function useCaret(field: RefObject<HTMLInputElement | null>, typed: string) {
  const wanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    field.current?.setSelectionRange(wanted.current, wanted.current);
    wanted.current = null;
  }, [field, typed]);
  return (place: number) => {
    wanted.current = place;
  };
}
