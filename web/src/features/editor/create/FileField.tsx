// An alias file from elsewhere: chosen, dropped or pasted; what it says is seen and can be changed.
import { Button } from "@mantine/core";
import { type DragEvent, useRef, useState } from "react";

import { GrowingText } from "@/components/GrowingText.tsx";

import styles from "./Create.module.css";
import { t } from "./messages.en.ts";
import type { Create } from "./useCreate.ts";

// What the server takes.
const MOST_BYTES = 256 * 1024;

export function FileField({ create }: { readonly create: Create }) {
  const { making, validation, say } = create;
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [isTooLarge, setTooLarge] = useState(false);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    const isLarge = file.size > MOST_BYTES;
    setTooLarge(isLarge);
    if (!isLarge) say({ text: await file.text() });
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const errors = making.text === "" ? [] : (validation?.errors ?? []);
  return (
    // Dropping has a twin that everybody can use: the button.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={styles.drop}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={onDrop}
    >
      <div className={styles.chooser}>
        <Button variant="default" onClick={() => input.current?.click()}>
          {t.chooseFile}
        </Button>
        <span className={styles.hint}>{t.dropHere}</span>
        <input
          ref={input}
          type="file"
          accept=".yaml,.yml"
          aria-label={t.file}
          hidden
          onChange={(event) => {
            void take(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
      </div>
      {isTooLarge ? (
        <p className={styles.said} role="alert">
          {t.fileTooLarge}
        </p>
      ) : null}
      <GrowingText
        aria-label={t.fileText}
        className={styles.code ?? ""}
        least={6}
        most={18}
        spellCheck={false}
        autoCapitalize="off"
        wrap="off"
        value={making.text}
        onChange={(event) => {
          say({ text: event.currentTarget.value });
        }}
      />
      {errors.map(({ code, message, line, pointer }) => (
        <p key={`${code} ${pointer ?? ""}`} className={styles.hint}>
          {line === null ? message : t.errorAt(line, message)}
        </p>
      ))}
    </div>
  );
}
