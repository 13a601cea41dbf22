// A quiet button that is an icon. A long list has many: it is one element around its icon.
import type { ComponentPropsWithRef } from "react";

import styles from "./IconButton.module.css";

interface Props extends ComponentPropsWithRef<"button"> {
  /** Pixels; a finger gets 44 where there are fingers. */
  readonly size?: number;
}

export function IconButton({ size = 32, className, ...others }: Props) {
  return (
    <button
      type="button"
      {...others}
      className={[styles.button, className].join(" ")}
      style={{ width: size, height: size }}
    />
  );
}
