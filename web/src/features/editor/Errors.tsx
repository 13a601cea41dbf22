// What keeps a draft from being published: said once, each with a way to where it is mended.
import { IconXboxX } from "@tabler/icons-react";

import type { EditorError } from "./errors.ts";
import styles from "./Errors.module.css";
import { t } from "./messages.en.ts";

interface Props {
  readonly errors: readonly EditorError[];
  readonly onGo: (key: string | null) => void;
}

export function Errors({ errors, onGo }: Props) {
  return (
    <div className={styles.card} role="alert">
      <p className={styles.title}>
        <IconXboxX size={16} aria-hidden />
        {t.errorsTitle(errors.length)}
      </p>
      <ul>
        {errors.map(({ key, label, message }) => (
          <li key={`${key ?? ""} ${message}`}>
            <button
              type="button"
              onClick={() => {
                onGo(key);
              }}
            >
              {t.errorOf(label, message)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
