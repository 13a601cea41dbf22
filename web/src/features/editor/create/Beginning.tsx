// What the alias is made from, and which model file answers.
import { Button, Select } from "@mantine/core";
import { useId } from "react";

import type { Preset } from "@/api/types.ts";
import { GrowingText } from "@/components/GrowingText.tsx";

import styles from "./Create.module.css";
import { FileField } from "./FileField.tsx";
import { KINDS, type Kind } from "./making.ts";
import { t } from "./messages.en.ts";
import { ModelField } from "./ModelField.tsx";
import type { Create } from "./useCreate.ts";

interface Props {
  readonly create: Create;
}

export function Beginning({ create }: Props) {
  const { kind } = create.making;
  return (
    <div className={styles.fields}>
      <Kinds create={create} />
      {kind === "guided" ? <Intents create={create} /> : null}
      {kind === "alias" ? <AliasField create={create} /> : null}
      {kind === "chat" ? <ChatField create={create} /> : null}
      {kind === "file" ? <FileField create={create} /> : <ModelField create={create} />}
    </div>
  );
}

/** Another beginning begins with its own values. */
function Kinds({ create }: Props) {
  const name = useId();
  const choose = (kind: Kind) => {
    create.say({ kind, settings: null, name: null });
  };
  return (
    <fieldset className={styles.kinds}>
      <legend>{t.kindsLegend}</legend>
      {KINDS.map((kind) => (
        <label key={kind} className={styles.kind}>
          <input
            type="radio"
            name={name}
            checked={create.making.kind === kind}
            onChange={() => {
              choose(kind);
            }}
          />
          <span className={styles.kindName}>{t.kinds[kind]}</span>
          <span className={styles.kindAbout}>{t.kindAbout[kind]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Intents({ create }: Props) {
  const { making, presets, say } = create;
  const chosen = presets.find(({ name }) => name === making.intent);
  return (
    <div className={styles.intents} role="group" aria-label={t.intents}>
      <p className={styles.label}>{t.intents}</p>
      <div className={styles.chips}>
        {presets.map(({ name, title, about }: Preset) => (
          <Button
            key={name}
            size="compact-xs"
            variant="default"
            className={styles.chip ?? ""}
            title={about}
            aria-pressed={name === making.intent}
            onClick={() => {
              say({ intent: name, settings: null });
            }}
          >
            {title}
          </Button>
        ))}
      </div>
      {chosen === undefined ? null : <p className={styles.hint}>{chosen.about}</p>}
    </div>
  );
}

function AliasField({ create }: Props) {
  const { aliases, making, say } = create;
  return (
    <Select
      label={t.alias}
      placeholder={t.chooseAlias}
      searchable
      required
      allowDeselect={false}
      data={aliases.map(({ id, name }) => ({ value: id, label: name }))}
      value={making.aliasId}
      onChange={(aliasId) => {
        say({ aliasId, settings: null, name: null, model: null });
      }}
    />
  );
}

function ChatField({ create }: Props) {
  const { making, chat, begun, say } = create;
  const left = begun.left.join(", ");
  return (
    <div>
      <GrowingText
        label={t.pasted}
        description={t.pastedHint}
        className={styles.code ?? ""}
        required
        least={4}
        most={12}
        spellCheck={false}
        autoCapitalize="off"
        error={making.pasted.trim() !== "" && chat === null ? t.pastedMissing : undefined}
        value={making.pasted}
        onChange={(event) => {
          say({ pasted: event.currentTarget.value, settings: null });
        }}
      />
      {chat === null ? null : (
        <p className={styles.hint} role="status">
          {t.pastedTook(begun.settings.size)}{" "}
          {chat.model === null ? null : t.pastedModel(chat.model)}{" "}
          {left === "" ? null : t.pastedLeft(left)}
        </p>
      )}
    </div>
  );
}
