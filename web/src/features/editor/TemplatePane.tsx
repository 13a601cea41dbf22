// Which chat template an alias uses, and what it makes of a conversation, as one types.
import { Select, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { asProblem } from "@/api/problem.ts";
import { renderQuery, templatesQuery } from "@/api/templates.ts";
import { ProblemCard } from "@/components/Problems.tsx";

import styles from "./Basics.module.css";
import { t } from "./messages.en.ts";
import { kindOf, OWN_BEGINS, type TemplateKind } from "./templateKind.ts";
import type { Editor } from "./useEditor.ts";

const KINDS: readonly TemplateKind[] = ["embedded", "builtin", "file", "repository", "own"];
const SETTLED_MS = 200;

export function TemplatePane({ editor }: { readonly editor: Editor }) {
  const { store, recipe, isUnreadable } = editor;
  const declared = recipe.basics.chatTemplate;
  const { data = [] } = useQuery(templatesQuery);
  const builtins = data.filter(({ origin }) => origin === "builtin").map(({ name }) => name);
  const files = data.filter(({ origin }) => origin === "file").map(({ name }) => name);
  const kind = kindOf(declared, builtins);
  const say = (chatTemplate: string | null, gesture?: string) => {
    store.changeBasics({ chatTemplate }, t.step(t.template, chatTemplate ?? t.unset), gesture);
  };
  const begin = (wanted: TemplateKind) => {
    const first = { embedded: null, builtin: builtins[0], file: files[0], own: OWN_BEGINS };
    say(wanted === "repository" ? t.repositoryBegins : (first[wanted] ?? null));
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
            autoComplete="off"
            spellCheck={false}
            disabled={isUnreadable}
            value={declared ?? ""}
            onChange={(event) => {
              say(event.currentTarget.value, "type template");
            }}
          />
        ) : null}
      </div>
      {kind === "own" ? (
        <Textarea
          className={styles.own ?? ""}
          aria-label={t.templateText}
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
          disabled={isUnreadable}
          value={declared ?? ""}
          onChange={(event) => {
            say(event.currentTarget.value, "type template");
          }}
        />
      ) : null}
      <Rendered editor={editor} />
    </div>
  );
}

function Rendered({ editor }: { readonly editor: Editor }) {
  const [chatTemplate] = useDebouncedValue(editor.recipe.basics.chatTemplate, SETTLED_MS);
  const name = editor.alias.name;
  const { data, error } = useQuery({
    ...renderQuery({ name, chatTemplate: chatTemplate ?? "embedded", messages: t.conversation }),
    enabled: editor.alias.model !== null || chatTemplate !== null,
    placeholderData: (before) => before,
  });
  if (error !== null) {
    const problem = asProblem(error);
    return <ProblemCard message={problem.message} remedy={problem.remedy} />;
  }
  if (data === undefined) return null;
  return (
    <details>
      <summary className={styles.lead}>{t.rendered}</summary>
      <pre className={styles.rendered}>{marked(data.prompt, data.special)}</pre>
    </details>
  );
}

interface Span {
  readonly begin: number;
  readonly end: number;
}

/** Special tokens stand out. Places are counted in characters, not in halves of them. */
function marked(prompt: string, spans: readonly Span[]): ReactNode {
  const characters = Array.from(prompt);
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { begin, end } of spans) {
    parts.push(characters.slice(at, begin).join(""));
    parts.push(<mark key={begin}>{characters.slice(begin, end).join("")}</mark>);
    at = end;
  }
  parts.push(characters.slice(at).join(""));
  return parts;
}
