// A text of many lines with their numbers; those that are wrong stand out.
import { useRef } from "react";

import styles from "./NumberedText.module.css";

interface Props {
  readonly label: string;
  readonly text: string;
  /** Numbers of lines, from 1. */
  readonly wrong: ReadonlySet<number | null>;
  readonly invalid: boolean;
  readonly heightPx: number;
  readonly readOnly?: boolean;
  readonly disabled?: boolean;
  readonly onChange: (text: string) => void;
}

export function NumberedText(props: Props) {
  const numbers = useRef<HTMLPreElement>(null);
  const { text, wrong } = props;
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
