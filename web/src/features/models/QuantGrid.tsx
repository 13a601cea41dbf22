// One repository: its quantizations beside each other, the smallest first. Choosing one is the choice
// of the file.
import { IconAlertTriangle, IconExternalLink } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import type { ModelItem } from "@/api/types.ts";
import { bytes } from "@/lib/units.ts";
import { t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import styles from "./QuantGrid.module.css";

interface Props {
  readonly repo: string;
  readonly models: readonly ModelItem[];
  readonly selected: string | undefined;
}

export function QuantGrid({ repo, models, selected }: Props) {
  const sorted = [...models].sort((a, b) => a.size_bytes - b.size_bytes);
  const first = sorted[0];
  return (
    <section className={styles.repo} aria-label={t.quantizations(repo)}>
      <header className={styles.head}>
        <h2>{repo}</h2>
        <span>{[first?.family, first?.size_label].filter(Boolean).join(words.separator)}</span>
        <a
          href={words.list.hubPage(repo)}
          target="_blank"
          rel="noopener noreferrer"
          className={styles.page}
        >
          {t.page}
          <IconExternalLink size={13} aria-hidden />
        </a>
      </header>
      <div className={styles.grid}>
        {sorted.map((model) => (
          <Link
            key={model.id}
            to="/models"
            search={{ sel: model.id }}
            className={styles.quant}
            data-selected={model.id === selected}
            aria-current={model.id === selected ? "true" : undefined}
          >
            <span className={styles.name}>{model.quantization}</span>
            <span className={styles.size}>{bytes(model.size_bytes)}</span>
            {model.problem === null ? null : (
              <IconAlertTriangle size={14} aria-label={model.problem} />
            )}
          </Link>
        ))}
      </div>
    </section>
  );
}
