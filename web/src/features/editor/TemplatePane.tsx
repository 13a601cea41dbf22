// Which chat template an alias uses, and what it makes of a conversation, as one types.
import { Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { asProblem } from "@/api/problem.ts";
import { renderQuery, templatesQuery } from "@/api/templates.ts";
import { NumberedText } from "@/components/NumberedText.tsx";
import { FullTextButton } from "@/components/params/FullTextButton.tsx";
import { ProblemCard } from "@/components/Problems.tsx";
import { PromptText } from "@/components/PromptText.tsx";
import { usePhone } from "@/components/usePhone.ts";

import styles from "./Basics.module.css";
import { t } from "./messages.en.ts";
import { isRepository, kindOf, OWN_BEGINS, type TemplateKind } from "./templateKind.ts";
import type { Editor } from "./useEditor.ts";

const KINDS: readonly TemplateKind[] = ["embedded", "builtin", "file", "repository", "own"];
const SETTLED_MS = 200;

export function TemplatePane({ editor }: { readonly editor: Editor }) {
  const phone = usePhone();
  const { store, recipe, isUnreadable } = editor;
  const declared = recipe.basics.chatTemplate;
  const { data = [] } = useQuery(templatesQuery);
  const builtins = data.filter(({ origin }) => origin === "builtin").map(({ name }) => name);
  const files = data.filter(({ origin }) => origin === "file").map(({ name }) => name);
  const [begun, setBegun] = useState<Begun | null>(null);
  // What is typed of a repository goes into the draft once it names one; undo and theirs end it.
  const typed = begun?.declared === declared ? begun.typed : null;
  const rendered = useRendered(editor);
  const kind = typed === null ? kindOf(declared, builtins) : "repository";
  const say = (chatTemplate: string | null, gesture?: string) => {
    store.changeBasics({ chatTemplate }, t.step(t.template, chatTemplate ?? t.unset), gesture);
  };
  const begin = (wanted: TemplateKind) => {
    if (wanted === "repository") {
      setBegun({ declared, typed: "" });
      return;
    }
    const first = { embedded: null, builtin: builtins[0], file: files[0], own: OWN_BEGINS };
    setBegun(null);
    say(first[wanted] ?? null);
  };
  const typeRepository = (text: string) => {
    const isNamed = isRepository(text);
    setBegun({ declared: isNamed ? text : declared, typed: text });
    if (isNamed) say(text, "type template");
  };
  return (
    <div className={styles.template} role="group" aria-label={t.template}>
      <div className={styles.kinds}>
        <Select
          label={t.template}
          allowDeselect={false}
          disabled={isUnreadable}
          data={KINDS.filter((one) => one !== "file" || files.length > 0 || kind === "file").map(
            (value) => ({ value, label: t.templateKinds[value] }),
          )}
          value={kind}
          onChange={(wanted) => {
            if (wanted !== null && wanted !== kind) begin(wanted);
          }}
        />
        {kind === "builtin" || kind === "file" ? (
          <Select
            label={t.templateKinds[kind]}
            searchable
            allowDeselect={false}
            disabled={isUnreadable}
            data={kind === "builtin" ? builtins : files}
            value={declared}
            onChange={(name) => {
              if (name !== null) say(name);
            }}
          />
        ) : null}
        {kind === "repository" ? (
          <TextInput
            label={t.templateKinds.repository}
            description={t.repositoryHint}
            placeholder={t.repositoryBegins}
            error={typed !== null && typed !== "" && !isRepository(typed)}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            disabled={isUnreadable}
            value={typed ?? declared ?? ""}
            onChange={(event) => {
              typeRepository(event.currentTarget.value);
            }}
          />
        ) : null}
      </div>
      {kind === "own" && phone ? (
        <FullTextButton
          label={t.templateText}
          text={declared ?? ""}
          isCode
          disabled={isUnreadable}
          onChange={(text) => {
            say(text, "type template");
          }}
        />
      ) : null}
      {kind === "own" ? (
        <NumberedText
          label={t.templateText}
          text={declared ?? ""}
          wrong={new Set([rendered.error?.line ?? null])}
          invalid={rendered.error !== null}
          heightPx={180}
          disabled={isUnreadable}
          onChange={(text) => {
            say(text, "type template");
          }}
        />
      ) : null}
      <Rendered {...rendered} />
    </div>
  );
}

/** What the server makes of a conversation with the draft's template, a moment after the last key. */
function useRendered({ recipe, alias }: Editor) {
  const [chatTemplate] = useDebouncedValue(recipe.basics.chatTemplate, SETTLED_MS);
  const { name } = alias;
  const { data, error } = useQuery({
    ...renderQuery({ name, chatTemplate: chatTemplate ?? "embedded", messages: t.conversation }),
    enabled: alias.model !== null || chatTemplate !== null,
    placeholderData: (before) => before,
  });
  return { data, error: error === null ? null : asProblem(error) };
}

function Rendered({ data, error }: ReturnType<typeof useRendered>) {
  // A template that cannot be used comes and goes as one types; what was unfolded stays so.
  const [isOpen, setOpen] = useState(false);
  if (error !== null) return <ProblemCard message={error.message} remedy={error.remedy} />;
  if (data === undefined) return null;
  return (
    <details
      open={isOpen}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary className={styles.lead}>{t.rendered}</summary>
      <PromptText label={t.rendered} prompt={data.prompt} special={data.special} />
    </details>
  );
}

interface Begun {
  /** What the draft said then. */
  readonly declared: string | null;
  readonly typed: string;
}
