// A text of many lines with their numbers; those that are wrong stand out.
import { type Ref, useImperativeHandle, useRef } from "react";

import styles from "./NumberedText.module.css";

export interface NumberedTextHandle {
  /** Puts the caret there; both from 1. */
  readonly goTo: (line: number, column: number | null) => void;
}

const LINE_PX = 18;
const LINES_ABOVE = 4;

interface Props {
  readonly label: string;
  readonly text: string;
  /** Numbers of lines, from 1. */
  readonly wrong: ReadonlySet<number | null>;
  readonly invalid: boolean;
  readonly heightPx: number;
  readonly readOnly?: boolean;
  readonly disabled?: boolean;
  readonly handle?: Ref<NumberedTextHandle>;
  readonly onChange: (text: string) => void;
}

export function NumberedText(props: Props) {
  const numbers = useRef<HTMLPreElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const { text, wrong } = props;
  useImperativeHandle(props.handle, () => ({
    goTo: (line, column) => {
      const before = text.split("\n").slice(0, line - 1);
      const at =
        before.reduce((sum, one) => sum + one.length + 1, 0) + Math.max(0, (column ?? 1) - 1);
      field.current?.focus();
      field.current?.setSelectionRange(at, at);
      if (field.current !== null)
        field.current.scrollTop = Math.max(0, (line - LINES_ABOVE) * LINE_PX);
    },
  }));
  return (
    <div
      className={styles.text}
      style={{ "--text-height": `${props.heightPx}px` } as React.CSSProperties}
    >
      <pre ref={numbers} aria-hidden>
        {text.split("\n").map((_, at) => (
          // Lines of a text have no other name than their place.
          <span key={at} data-wrong={wrong.has(at + 1)}>
            {at + 1}
            {"\n"}
          </span>
        ))}
      </pre>
      <textarea
        ref={field}
        aria-label={props.label}
        aria-invalid={props.invalid}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        readOnly={props.readOnly ?? false}
        disabled={props.disabled ?? false}
        value={text}
        onChange={(event) => {
          props.onChange(event.currentTarget.value);
        }}
        onScroll={(event) => {
          if (numbers.current !== null) numbers.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
    </div>
  );
}
