// The screen before all others where the server asks for a key.
import { Button, PasswordInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";

import { asProblem, type Problem } from "@/api/problem.ts";
import { sessionQuery, signIn } from "@/api/session.ts";
import type { Session } from "@/api/types.ts";
import { Logo } from "@/components/Logo.tsx";
import { t } from "@/messages.en.ts";

import styles from "./SignIn.module.css";

export function SignIn({ session }: { readonly session: Session }) {
  const queries = useQueryClient();
  const [key, setKey] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      queries.setQueryData(sessionQuery.queryKey, await signIn(key.trim()));
      await queries.invalidateQueries();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className={styles.screen}>
      <form className={styles.card} onSubmit={(event) => void submit(event)}>
        <Logo />
        <h1>{t.signIn.title}</h1>
        <p>{session.signed_in ? t.signIn.notAdmin : t.signIn.lead}</p>
        <PasswordInput
          size="sm"
          label={t.signIn.key}
          autoComplete="current-password"
          data-autofocus
          spellCheck={false}
          error={problem === null ? false : (problem.remedy ?? problem.message)}
          value={key}
          onChange={(event) => {
            setKey(event.currentTarget.value);
          }}
        />
        <Button type="submit" loading={busy} disabled={key.trim() === ""}>
          {t.signIn.submit}
        </Button>
        <p className={styles.hint}>
          {t.signIn.hint} <code>{t.signIn.command}</code>
        </p>
      </form>
    </main>
  );
}
