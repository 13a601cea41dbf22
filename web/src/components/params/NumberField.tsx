// A number as it is typed: never clamped, never rounded; what cannot be a value stays and is marked.
import { TextInput } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";

import { readNumber } from "@/lib/numberText.ts";

import styles from "./Fields.module.css";
import { t } from "./messages.en.ts";

interface Props {
  readonly label: string;
  readonly value: number | string | undefined;
  /** Shown where nothing is set. */
  readonly placeholder: string;
  readonly integer: boolean;
  readonly words?: readonly string[];
  readonly unit?: string | null;
  readonly invalid: boolean;
  readonly disabled?: boolean;
  readonly describedBy?: string;
  readonly onChange: (value: number | string | undefined, gesture: string) => void;
  readonly onStep?: (steps: number) => void;
  /** What is wrong with the text, or null: it is no value then, and none was changed. */
  readonly onWrong: (message: string | null) => void;
}

export function NumberField(props: Props) {
  const { value, words = [], integer } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const shown = value === undefined ? "" : String(value);
  const onText = (text: string) => {
    setTyped(text);
    const read = readNumber(text, { integer, words });
    if (read.kind === "wrong") {
      props.onWrong(read.why === "integer" ? t.notWhole : t.notANumber);
      return;
    }
    props.onWrong(null);
    props.onChange(read.kind === "empty" ? undefined : read.value, `type ${props.label}`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (steps === undefined || props.onStep === undefined) return;
    event.preventDefault();
    setTyped(null);
    props.onWrong(null);
    props.onStep(event.shiftKey ? steps * 10 : steps);
  };
  const isWrong = typed !== null && readNumber(typed, { integer, words }).kind === "wrong";
  return (
    <TextInput
      size="xs"
      className={styles.number ?? ""}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      inputMode={words.length > 0 ? "text" : integer ? "numeric" : "decimal"}
      enterKeyHint="done"
      autoComplete="off"
      spellCheck={false}
      error={isWrong || props.invalid}
      disabled={props.disabled ?? false}
      placeholder={props.placeholder}
      value={typed ?? shown}
      onChange={(event) => {
        onText(event.currentTarget.value);
      }}
      onKeyDown={onKeyDown}
      onBlur={() => {
        // What is a value is shown as such again: 0,70 as 0.7. What is none stays to be mended.
        if (!isWrong) setTyped(null);
      }}
    />
  );
}
