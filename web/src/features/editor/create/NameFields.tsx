// What the alias is called, the file that this makes, and a word about it.
import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";

import { aliasesQuery } from "@/api/queries.ts";
import { GrowingText } from "@/components/GrowingText.tsx";
import { fileNameOf } from "@/lib/fileName.ts";

import styles from "./Create.module.css";
import { t } from "./messages.en.ts";
import { type Create, renamedText } from "./useCreate.ts";

export function NameFields({ create }: { readonly create: Create }) {
  const { making, name, validation, say } = create;
  const { data } = useQuery(aliasesQuery);
  const offered = useRef<string | null>(null);
  const isEmpty = name.trim() === "";
  const error = isEmpty
    ? undefined
    : validation?.errors.find(({ pointer }) => pointer === "/alias")?.message;
  const shadows = data?.aliases.some((row) => row.source === "model" && row.name === name.trim());
  return (
    <div className={styles.fields}>
      <TextInput
        label={t.name}
        description={isEmpty || error !== undefined ? t.nameHint : t.willBe(fileNameOf(name))}
        error={error}
        required
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="next"
        value={name}
        onFocus={(event) => {
          // From here on it is a person's: no suggestion comes in between, and typing replaces it.
          if (making.kind === "file") return;
          offered.current = making.name === null ? name : null;
          if (making.name === null) say({ name });
          event.currentTarget.select();
        }}
        onBlur={() => {
          if (name === offered.current && making.kind !== "file") say({ name: null });
        }}
        onChange={(event) => {
          say(renamedText(making, event.currentTarget.value));
        }}
      />
      {shadows === true ? <p className={styles.hint}>{t.shadows}</p> : null}
      {making.kind === "file" ? null : (
        <GrowingText
          label={t.description}
          description={t.descriptionHint}
          most={5}
          maxLength={2000}
          value={making.description}
          onChange={(event) => {
            say({ description: event.currentTarget.value });
          }}
        />
      )}
    </div>
  );
}
