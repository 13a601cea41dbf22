// `/playground`: one prompt to one alias, its answer as it comes, and what it cost.
import { Button, Select, Textarea } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type KeyboardEvent, useState } from "react";

import { aliasesQuery } from "@/api/queries.ts";
import type { AliasRow } from "@/api/types.ts";
import { Keys } from "@/components/Keys.tsx";
import { Screen } from "@/components/Screen.tsx";
import { usePhone } from "@/components/usePhone.ts";
import { chordName } from "@/lib/keys.ts";
import { t } from "@/messages.en.ts";

import { AnswerPane } from "./AnswerPane.tsx";
import styles from "./TryScreen.module.css";
import { isOver, useRun } from "./useRun.ts";

const route = getRouteApi("/playground");
const MOST_OPTIONS = 50;

export function TryScreen() {
  const phone = usePhone();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data } = useQuery(aliasesQuery);
  const [prompt, setPrompt] = useState("");
  const { run, start, stop } = useRun();
  const usable = data?.aliases.filter((row) => row.state !== "error") ?? [];
  const alias = search.alias ?? usable[0]?.name ?? null;
  const running = !isOver(run);
  const ready = alias !== null && prompt.trim() !== "" && !running;
  const send = (text: string) => {
    if (alias !== null && text.trim() !== "") void start(alias, text);
  };
  return (
    <Screen title={t.tryIt.title} note={t.tryIt.lead}>
      <div className={styles.columns}>
        <div className={styles.ask}>
          <AliasChoice
            phone={phone}
            usable={usable}
            alias={alias}
            onChoose={(name) => {
              void navigate({ search: { alias: name }, replace: true });
            }}
          />
          <PromptField
            phone={phone}
            prompt={prompt}
            onChange={setPrompt}
            onSend={() => {
              if (ready) send(prompt);
            }}
          />
          <div className={styles.buttons}>
            {running ? (
              <Button variant="default" leftSection={<IconPlayerStop size={15} />} onClick={stop}>
                {t.tryIt.stop}
              </Button>
            ) : (
              <Button
                leftSection={<IconPlayerPlay size={15} />}
                disabled={!ready}
                onClick={() => {
                  send(prompt);
                }}
              >
                {t.tryIt.run}
              </Button>
            )}
            {phone ? null : <Keys names={[chordName(), "Enter"]} />}
          </div>
          {prompt === "" && alias !== null && !running ? (
            <Samples
              onChoose={(sample) => {
                setPrompt(sample);
                send(sample);
              }}
            />
          ) : null}
        </div>
        <AnswerPane
          run={run}
          onRetry={() => {
            send(prompt);
          }}
        />
      </div>
    </Screen>
  );
}

interface ChoiceProps {
  readonly phone: boolean;
  readonly usable: readonly AliasRow[];
  readonly alias: string | null;
  readonly onChoose: (name: string) => void;
}

function AliasChoice({ phone, usable, alias, onChoose }: ChoiceProps) {
  const chosen = usable.find((row) => row.name === alias);
  const names = usable.map((row) => row.name);
  // A name in the address that no alias has is shown all the same: the server answers for it.
  const data = alias === null || chosen !== undefined ? names : [alias, ...names];
  return (
    <div className={styles.alias}>
      <Select
        size={phone ? "md" : "sm"}
        label={t.tryIt.alias}
        placeholder={t.tryIt.aliasHint}
        nothingFoundMessage={t.tryIt.noAlias}
        searchable
        allowDeselect={false}
        limit={MOST_OPTIONS}
        data={data}
        value={alias}
        onChange={(name) => {
          if (name !== null) onChoose(name);
        }}
      />
      {chosen === undefined ? null : (
        <Link to="/aliases/$id" params={{ id: chosen.id }} className={styles.details}>
          {t.tryIt.details}
        </Link>
      )}
    </div>
  );
}

function PromptField(props: {
  readonly phone: boolean;
  readonly prompt: string;
  readonly onChange: (text: string) => void;
  readonly onSend: () => void;
}) {
  return (
    <Textarea
      size={props.phone ? "md" : "sm"}
      label={t.tryIt.prompt}
      placeholder={t.tryIt.promptHint}
      autosize
      minRows={props.phone ? 3 : 5}
      maxRows={14}
      enterKeyHint="enter"
      value={props.prompt}
      onChange={(event) => {
        props.onChange(event.currentTarget.value);
      }}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
        event.preventDefault();
        props.onSend();
      }}
    />
  );
}

function Samples({ onChoose }: { readonly onChoose: (sample: string) => void }) {
  return (
    <div className={styles.samples}>
      <p>{t.tryIt.samples}</p>
      {t.tryIt.samplePrompts.map((sample) => (
        <button
          key={sample}
          type="button"
          onClick={() => {
            onChoose(sample);
          }}
        >
          {sample}
        </button>
      ))}
    </div>
  );
}
