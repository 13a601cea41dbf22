// The conversation as a program would send it, with the values that were changed.
import { Modal } from "@mantine/core";
import { useState } from "react";

import { CopyButton } from "@/components/CopyButton.tsx";
import { CodeText } from "@/components/CodeText.tsx";
import { Notice } from "@/components/Problems.tsx";
import { useFocusBack } from "@/components/useFocusBack.ts";
import { type Asked, curlOf, javascriptOf, pythonOf } from "@/lib/snippets.ts";
import { Segments } from "@/components/Segments.tsx";
import { t as words } from "@/messages.en.ts";

import styles from "./ConfigPane.module.css";
import { t } from "./messages.en.ts";
import { spokenIn, type Thread } from "./thread.ts";
import type { Config } from "./useConfig.ts";

const MAKERS = { curl: curlOf, python: pythonOf, javascript: javascriptOf } as const;
const LANGUAGES = ["curl", "python", "javascript"] as const;

interface Props {
  readonly config: Config;
  readonly thread: Thread;
  readonly onClose: () => void;
}

export default function RequestDialog({ config, thread, onClose }: Props) {
  const [language, setLanguage] = useState<(typeof LANGUAGES)[number]>("curl");
  useFocusBack();
  const { params, without } = requestParams(config);
  const text = MAKERS[language](location.origin, askedOf(config.alias.name, thread, params));
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.requestTitle}
      size={680}
      closeButtonProps={{ "aria-label": words.close }}
    >
      <div className={styles.form}>
        <p className={styles.lead}>{t.requestLead}</p>
        <Segments
          label={t.copyAsRequest}
          data={LANGUAGES.map((value) => ({ value, label: t.languages[value] }))}
          value={language}
          onChange={setLanguage}
        />
        {without.length === 0 ? null : <Notice text={t.requestWithout(without.join(", "))} />}
        <div className={styles.request}>
          <CodeText label={t.languages[language]} text={text} />
          <CopyButton text={text} what={t.code} />
        </div>
      </div>
    </Modal>
  );
}

/** The question that would be asked next, or the last one again. */
function askedOf(model: string, thread: Thread, params: Asked["params"] & object): Asked {
  const spoken = spokenIn(thread);
  const last = spoken.findLastIndex(({ role }) => role === "user");
  const messages =
    last === -1 ? [{ role: "user", content: t.samplePrompts[0] }] : spoken.slice(0, last + 1);
  return { model, messages, params };
}

/** Changed values that a request can carry, and the keys of those that it cannot. */
function requestParams({ changed, settings, params }: Config) {
  const carried: Record<string, unknown> = {};
  const without: string[] = [];
  for (const { key, section } of params.filter((param) => changed.has(param.key))) {
    const setting = settings.get(key);
    const isCarried = section === "request_params" && setting?.mode === "default";
    if (isCarried && setting.value !== undefined) carried[key] = setting.value;
    else without.push(key);
  }
  return { params: carried, without };
}
