// A new key: what it may do, then the key itself, this once.
import { Button, Modal, MultiSelect, Radio, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";

import { asProblem, inOneLine } from "@/api/problem.ts";
import { aliasesQuery } from "@/api/queries.ts";
import { CopyButton } from "@/components/CopyButton.tsx";
import { useFocusBack } from "@/components/useFocusBack.ts";
import { t as words } from "@/messages.en.ts";

import styles from "./Keys.module.css";
import { t } from "./messages.en.ts";
import { type KeyMade, makeKey } from "./store.ts";

const SCOPES = ["inference", "admin"] as const;
type Scope = (typeof SCOPES)[number];

export function NewKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const [made, setMade] = useState<KeyMade | null>(null);
  useFocusBack();
  return (
    <Modal
      opened
      // What is told once is not lost to a click beside it.
      closeOnClickOutside={made === null}
      onClose={onClose}
      title={made === null ? t.newKey : t.madeTitle(made.name)}
      size={480}
      closeButtonProps={{ "aria-label": words.close }}
    >
      {made === null ? (
        <Asked onMade={setMade} onClose={onClose} />
      ) : (
        <Told made={made} onClose={onClose} />
      )}
    </Modal>
  );
}

interface AskedProps {
  readonly onMade: (made: KeyMade) => void;
  readonly onClose: () => void;
}

function Asked({ onMade, onClose }: AskedProps) {
  const queries = useQueryClient();
  const rows = useQuery(aliasesQuery).data?.aliases ?? [];
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>("inference");
  const [aliases, setAliases] = useState<string[]>([]);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      const made = await makeKey({
        name: name.trim(),
        scope,
        aliases: scope === "inference" ? aliases : [],
      });
      await queries.invalidateQueries({ queryKey: ["keys"] });
      onMade(made);
    } catch (thrown) {
      setError(inOneLine(asProblem(thrown)));
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <TextInput
        label={t.keyName}
        description={t.keyNameHint}
        error={error}
        data-autofocus
        autoComplete="off"
        maxLength={64}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setError(null);
        }}
      />
      <Radio.Group
        label={t.scope}
        value={scope}
        onChange={(value) => {
          setScope(SCOPES.find((one) => one === value) ?? "inference");
        }}
      >
        <div className={styles.scopes}>
          {SCOPES.map((one) => (
            <Radio key={one} value={one} label={t.scopes[one]} description={t.scopeHints[one]} />
          ))}
        </div>
      </Radio.Group>
      {scope === "inference" ? (
        <MultiSelect
          label={t.aliases}
          description={t.aliasesHint}
          searchable
          data={[...new Set(rows.map((row) => row.name))]}
          value={aliases}
          onChange={setAliases}
        />
      ) : null}
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button type="submit" disabled={name.trim() === ""}>
          {t.make}
        </Button>
      </div>
    </form>
  );
}

function Told({ made, onClose }: { readonly made: KeyMade; readonly onClose: () => void }) {
  return (
    <div className={styles.form}>
      <p>{t.once}</p>
      <p className={styles.told}>
        <code>{made.key}</code>
        <CopyButton text={made.key} what={t.theKey} />
      </p>
      <div className={styles.buttons}>
        <Button onClick={onClose} data-autofocus>
          {t.done}
        </Button>
      </div>
    </div>
  );
}
