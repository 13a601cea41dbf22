// A list of exact texts, such as stop sequences: every blank and line break counts, nothing is cut.
import { Pill, PillsInput } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";

import { escaped, unescaped, visible } from "@/lib/escapes.ts";

import styles from "./Fields.module.css";
import { t } from "./messages.en.ts";

interface Props {
  readonly label: string;
  readonly texts: readonly string[];
  readonly invalid: boolean;
  readonly placeholder: string;
  readonly disabled?: boolean;
  readonly onChange: (texts: readonly string[]) => void;
}

export function StopInput({ label, texts, invalid, placeholder, disabled, onChange }: Props) {
  const [typed, setTyped] = useState("");
  const add = () => {
    if (typed === "") return;
    const text = unescaped(typed);
    setTyped("");
    if (!texts.includes(text)) onChange([...texts, text]);
  };
  const removeAt = (place: number) => {
    onChange(texts.filter((_, at) => at !== place));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && typed === "" && texts.length > 0) {
      event.preventDefault();
      // The last one can be mended: it comes back as it would be typed.
      setTyped(escaped(texts.at(-1) ?? ""));
      removeAt(texts.length - 1);
    }
  };
  return (
    <PillsInput
      size="xs"
      error={invalid}
      disabled={disabled ?? false}
      className={styles.stops ?? ""}
    >
      <Pill.Group>
        {texts.map((text, place) => (
          <Pill
            key={text}
            withRemoveButton
            className={styles.pill ?? ""}
            removeButtonProps={{
              "aria-label": t.removeText(escaped(text)),
              "aria-hidden": false,
              tabIndex: 0,
            }}
            onRemove={() => {
              removeAt(place);
            }}
          >
            {text === "" ? t.emptyText : visible(text)}
          </Pill>
        ))}
        <PillsInput.Field
          aria-label={t.addText(label)}
          enterKeyHint="enter"
          autoComplete="off"
          autoCorrect="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={texts.length === 0 ? placeholder : ""}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
          onBlur={add}
        />
      </Pill.Group>
    </PillsInput>
  );
}
