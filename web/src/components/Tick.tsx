// A small box to tick, drawn by the browser: one element, where a long list has many.
import type { ComponentPropsWithRef } from "react";

import styles from "./Tick.module.css";

export function Tick(props: Omit<ComponentPropsWithRef<"input">, "type" | "className">) {
  return <input {...props} type="checkbox" className={styles.tick} />;
}
