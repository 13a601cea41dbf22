// How many findings there are, and the way from one to the next: by button, and by [ and ].
import { ActionIcon } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useRef } from "react";

import type { Finding } from "@/api/types.ts";
import { isCommand } from "@/lib/keys.ts";

import { t } from "./messages.en.ts";
import styles from "./Review.module.css";

interface Props {
  readonly findings: readonly Finding[];
  /** Parameters in the order in which they are shown. */
  readonly order: readonly string[];
  readonly onGo: (key: string) => void;
}

export function Review({ findings, order, onGo }: Props) {
  const last = useRef<string | null>(null);
  const found = new Set(findings.flatMap((finding) => finding.params));
  const places = order.filter((key) => found.has(key));
  const move = (by: 1 | -1) => {
    if (places.length === 0) return;
    const at = last.current === null ? -1 : places.indexOf(last.current);
    const from = at === -1 && by === -1 ? 0 : at;
    const key = places[(from + by + places.length) % places.length] ?? null;
    last.current = key;
    if (key !== null) onGo(key);
  };
  useWindowEvent("keydown", (event) => {
    const by = event.key === "]" ? 1 : event.key === "[" ? -1 : null;
    if (by === null || !isCommand(event)) return;
    event.preventDefault();
    move(by);
  });
  if (findings.length === 0) return null;
  return (
    <span className={styles.review}>
      <span>{t.toReview(findings.length)}</span>
      <ActionIcon
        size={24}
        aria-label={t.previous}
        title={t.previous}
        aria-keyshortcuts="["
        disabled={places.length === 0}
        onClick={() => {
          move(-1);
        }}
      >
        <IconChevronUp size={15} />
      </ActionIcon>
      <ActionIcon
        size={24}
        aria-label={t.next}
        title={t.next}
        aria-keyshortcuts="]"
        disabled={places.length === 0}
        onClick={() => {
          move(1);
        }}
      >
        <IconChevronDown size={15} />
      </ActionIcon>
    </span>
  );
}
