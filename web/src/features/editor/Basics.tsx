// What an alias is called, which model file answers, and what people say of it.
import { Input, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { memo, useState } from "react";

import { modelsQuery } from "@/api/models.ts";
import { GrowingText } from "@/components/GrowingText.tsx";
import { Panel } from "@/components/Panel.tsx";
import { StopInput } from "@/components/params/StopInput.tsx";
import { fileNameOf } from "@/lib/fileName.ts";

import styles from "./Basics.module.css";
import { t } from "./messages.en.ts";
import { TemplatePane } from "./TemplatePane.tsx";
import type { Editor } from "./useEditor.ts";

interface Props {
  readonly editor: Editor;
}

/** While a knob turns, this card stays as it is drawn. */
export const BasicsCard = memo(function BasicsCard({ editor }: Props) {
  const { store, recipe, isUnreadable } = editor;
  const { basics } = recipe;
  const nameError = nameErrorOf(editor);
  return (
    <Panel title={t.basics}>
      <div className={styles.fields}>
        <TextInput
          id="basic-alias"
          label={t.name}
          description={t.willBe(fileNameOf(basics.name))}
          error={nameError}
          required
          withAsterisk={false}
          disabled={isUnreadable}
          autoComplete="off"
          autoCorrect="off"
          autoCapitalize="off"
          enterKeyHint="done"
          spellCheck={false}
          value={basics.name}
          onChange={(event) => {
            const name = event.currentTarget.value;
            store.changeBasics({ name }, t.step(t.name, name), "type alias");
          }}
        />
        <ModelSelect editor={editor} />
        <GrowingText
          label={t.description}
          description={t.descriptionHint}
          most={5}
          maxLength={2000}
          disabled={isUnreadable}
          value={basics.description ?? ""}
          onChange={(event) => {
            const text = event.currentTarget.value;
            const description = text === "" ? null : text;
            store.changeBasics({ description }, t.descriptionStep, "type description");
          }}
        />
        <Input.Wrapper label={t.tags} description={t.tagsHint} labelElement="div">
          <div className={styles.tags}>
            <StopInput
              label={t.tags}
              texts={basics.tags}
              invalid={false}
              placeholder=""
              disabled={isUnreadable}
              onChange={(tags) => {
                store.changeBasics({ tags }, t.step(t.tags, tags.join(", ")));
              }}
            />
          </div>
        </Input.Wrapper>
      </div>
      <TemplatePane editor={editor} />
    </Panel>
  );
}, isSame);

function isSame({ editor: a }: Props, { editor: b }: Props): boolean {
  return (
    a.recipe.basics === b.recipe.basics &&
    a.isUnreadable === b.isUnreadable &&
    a.alias === b.alias &&
    nameErrorOf(a) === nameErrorOf(b)
  );
}

function nameErrorOf({ errors }: Editor): string | undefined {
  return errors.find(({ key }) => key === "alias")?.message;
}

function ModelSelect({ editor }: { readonly editor: Editor }) {
  const { data } = useQuery(modelsQuery);
  const { store, recipe, isUnreadable } = editor;
  const { repo, filename, snapshot } = recipe.basics;
  const here = data?.models.find((one) => one.repo === repo && one.filename === filename);
  const [typed, setTyped] = useState<string | null>(null);
  const missing = `${repo}/${filename}`;
  const options = (data?.models ?? []).map(({ id }) => id);
  return (
    <Select
      id="basic-model"
      label={t.model}
      description={snapshot === null ? t.modelIs(filename) : t.snapshot(filename, snapshot)}
      error={data !== undefined && here === undefined ? t.modelMissing : undefined}
      searchable
      required
      withAsterisk={false}
      allowDeselect={false}
      disabled={isUnreadable}
      data={here === undefined ? [missing, ...options] : options}
      value={here?.id ?? missing}
      searchValue={typed ?? here?.id ?? missing}
      onSearchChange={setTyped}
      onBlur={() => {
        setTyped(null);
      }}
      onChange={(id) => {
        const model = data?.models.find((one) => one.id === id);
        if (model === undefined) return;
        setTyped(null);
        const part = { repo: model.repo, filename: model.filename, snapshot: null };
        store.changeBasics(part, t.step(t.model, model.id));
      }}
    />
  );
}
