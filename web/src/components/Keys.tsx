// Keys to press, drawn as keys.
import styles from "./Keys.module.css";

export function Keys({ names }: { readonly names: readonly string[] }) {
  return (
    <span className={styles.keys}>
      {names.map((name) => (
        <kbd key={name}>{name}</kbd>
      ))}
    </span>
  );
}
