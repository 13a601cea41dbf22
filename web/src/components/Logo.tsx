// The mark: three settings, one of them touched.
import styles from "./Logo.module.css";

export function Logo() {
  return (
    <svg className={styles.logo} width="22" height="22" viewBox="0 0 32 32" aria-hidden>
      <rect className={styles.ground} width="32" height="32" rx="7" />
      <path className={styles.tracks} d="M9 10h14M9 16h14M9 22h14" />
      <circle className={styles.thumb} cx="19" cy="10" r="3.2" />
      <circle className={styles.touched} cx="12.5" cy="16" r="3.2" />
      <circle className={styles.thumb} cx="21" cy="22" r="3.2" />
    </svg>
  );
}
