// The searches that are made most, one click each; each is words in the search field.
import { t } from "@/messages.en.ts";

import styles from "./QuickFilters.module.css";

const FILTERS = [
  { term: "source:user", label: t.list.quick.mine },
  { term: "pinned", label: t.list.quick.pinned },
  { term: "active-now", label: t.list.quick.activeNow },
  { term: "state:draft", label: t.list.quick.drafts },
  { term: "state:modified", label: t.list.quick.modified },
  { term: "state:error", label: t.list.quick.errors },
  { term: "error:model_file_missing", label: t.list.quick.missing },
  { term: "ctx>=32k", label: t.list.quick.long },
] as const;

interface Props {
  readonly typed: string;
  readonly onTyped: (typed: string) => void;
}

export function QuickFilters({ typed, onTyped }: Props) {
  const terms = typed.split(/\s+/).filter((term) => term !== "");
  return (
    <div className={styles.filters} role="group" aria-label={t.list.quickLabel}>
      {FILTERS.map(({ term, label }) => {
        const on = terms.includes(term);
        return (
          <button
            key={term}
            type="button"
            className={styles.filter}
            aria-pressed={on}
            onClick={() => {
              const others = terms.filter((one) => one !== term);
              onTyped([...others, ...(on ? [] : [term])].join(" "));
            }}
          >
            {label}
          </button>
        );
      })}
    </div>
  );
}
