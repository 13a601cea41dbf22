// One of a few choices, all of them in sight. Radio buttons drawn by the style sheet alone: one that
// measures where it moves its mark would have every screen laid out twice as it opens.
import { type ReactNode, useId } from "react";

import styles from "./Segments.module.css";

interface Props<V extends string> {
  readonly label: string;
  readonly data: readonly { readonly value: V; readonly label: ReactNode }[];
  readonly value: V;
  readonly onChange: (value: V) => void;
  /** As wide as there is room. */
  readonly wide?: boolean;
  readonly disabled?: boolean;
  readonly className?: string | undefined;
}

export function Segments<V extends string>(props: Props<V>) {
  const { label, data, value: chosen, onChange, wide = false, disabled = false } = props;
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={[styles.segments, props.className].join(" ")}
      data-wide={wide}
    >
      {data.map(({ value, label: words }) => (
        <label key={value} className={styles.segment}>
          <input
            type="radio"
            name={name}
            checked={value === chosen}
            disabled={disabled}
            onChange={() => {
              onChange(value);
            }}
          />
          {words}
        </label>
      ))}
    </div>
  );
}
