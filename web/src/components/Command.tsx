// A line for the shell, to be copied.
import styles from "./Command.module.css";
import { CopyButton } from "./CopyButton.tsx";

export function Command({ text }: { readonly text: string }) {
  return (
    <span className={styles.command}>
      <code>{text}</code>
      <CopyButton text={text} what={text} />
    </span>
  );
}
