// A text to type, with its lines numbered and the wrong one marked.
import { type Ref, useImperativeHandle, useRef } from "react";

import styles from "./CodeField.module.css";

export interface CodeFieldHandle {
  /** Puts the caret there; both from 1. */
  readonly goTo: (line: number, column: number | null) => void;
}

interface Props {
  readonly label: string;
  readonly value: string;
  readonly wrongLine: number | null;
  readonly isReadOnly?: boolean;
  readonly onChange?: (value: string) => void;
  readonly handle?: Ref<CodeFieldHandle>;
}

export function CodeField({ label, value, wrongLine, isReadOnly = false, ...more }: Props) {
  const numbers = useRef<HTMLPreElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(more.handle, () => ({
    goTo: (line, column) => {
      const before = value.split("\n").slice(0, line - 1);
      const at =
        before.reduce((sum, one) => sum + one.length + 1, 0) + Math.max(0, (column ?? 1) - 1);
      field.current?.focus();
      field.current?.setSelectionRange(at, at);
      if (field.current !== null) field.current.scrollTop = Math.max(0, (line - 4) * 18);
    },
  }));
  const lines = value.split("\n");
  return (
    <div className={styles.field} style={{ height: heightOf(lines.length, isReadOnly) }}>
      <pre ref={numbers} aria-hidden>
        {lines.map((_, at) => (
          // Lines of a text have no other name than their place.
          <span key={at} data-wrong={at + 1 === wrongLine}>
            {at + 1}
            {"\n"}
          </span>
        ))}
      </pre>
      <textarea
        ref={field}
        aria-label={label}
        aria-invalid={wrongLine !== null}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        readOnly={isReadOnly}
        value={value}
        onChange={(event) => {
          more.onChange?.(event.currentTarget.value);
        }}
        onScroll={(event) => {
          if (numbers.current !== null) numbers.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
    </div>
  );
}

const LINE = 18;

/** As tall as its text within reason; what is typed in has room to grow. */
function heightOf(lines: number, isReadOnly: boolean): number {
  const least = isReadOnly ? 5 : 14;
  return (Math.min(Math.max(lines, least), 24) + 1) * LINE;
}
