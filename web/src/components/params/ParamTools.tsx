// Above the parameters: a search by name, and which of them are shown.
import { Segments } from "@/components/Segments.tsx";
import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { memo, useRef } from "react";

import { useSlash } from "@/components/useSlash.ts";

import { t } from "./messages.en.ts";
import styles from "./ParamGroups.module.css";

export const SHOWN = ["all", "set", "changed", "problems"] as const;
export type Shown = (typeof SHOWN)[number];

interface Props {
  readonly typed: string;
  readonly shown: Shown;
  readonly onType: (text: string) => void;
  readonly onShow: (shown: Shown) => void;
}

/** It stays as it is drawn while a knob turns. */
export const ParamTools = memo(function ParamTools({ typed, shown, onType, onShow }: Props) {
  const field = useRef<HTMLInputElement>(null);
  useSlash(field);
  return (
    <div className={styles.tools}>
      <TextInput
        ref={field}
        size="xs"
        type="search"
        aria-keyshortcuts="/"
        className={styles.search ?? ""}
        aria-label={t.search}
        placeholder={t.search}
        enterKeyHint="search"
        autoCorrect="off"
        autoCapitalize="off"
        autoComplete="off"
        spellCheck={false}
        leftSection={<IconSearch size={15} aria-hidden />}
        rightSection={
          typed === "" ? null : (
            <CloseButton
              size="sm"
              aria-label={t.clearSearch}
              onClick={() => {
                onType("");
              }}
            />
          )
        }
        value={typed}
        onChange={(event) => {
          onType(event.currentTarget.value);
        }}
      />
      <Segments
        className={styles.which}
        label={t.which}
        data={SHOWN.map((value) => ({ value, label: t.shown[value] }))}
        value={shown}
        onChange={onShow}
      />
    </div>
  );
});
