// Every thread of this device, found by its name or by what was said in it.
import { Modal, TextInput } from "@mantine/core";
import { useState } from "react";

import { Ago } from "@/components/Ago.tsx";
import { useFocusBack } from "@/components/useFocusBack.ts";
import { t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import type { Shelf } from "./shelf.ts";
import { holds, titleOf } from "./thread.ts";
import styles from "./ThreadBar.module.css";

interface Props {
  readonly shelf: Shelf;
  readonly current: string;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

export default function ThreadsDialog({ shelf, current, onOpen, onClose }: Props) {
  const [typed, setTyped] = useState("");
  useFocusBack();
  const { threads } = shelf;
  const found = threads.filter((thread) => holds(thread, typed));
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.threads}
      size={560}
      closeButtonProps={{ "aria-label": words.close }}
    >
      <TextInput
        size="sm"
        type="search"
        aria-label={t.searchThreads}
        placeholder={t.searchThreads}
        data-autofocus
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
      {found.length === 0 ? (
        <p className={styles.count}>{threads.length === 0 ? t.noThreads : t.noThreadFits}</p>
      ) : (
        <ul className={styles.list}>
          {found.map((thread) => (
            <li key={thread.id}>
              <button
                type="button"
                aria-current={thread.id === current}
                onClick={() => {
                  onOpen(thread.id);
                  onClose();
                }}
              >
                <span>{titleOf(thread) || t.untitled}</span>
                <span className={styles.meta}>
                  {t.messages(thread.turns.length)}
                  {words.separator}
                  <Ago then={thread.changedAt / 1000} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {threads.length === 0 ? null : (
        <p className={styles.count}>{t.threadCount(threads.length)}</p>
      )}
    </Modal>
  );
}
