// `/aliases/new`: a name and a model file, and on into the editor.
import { Button, Select, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";

import { cloneAlias } from "@/api/aliases.ts";
import { asProblem, type Problem } from "@/api/problem.ts";
import { aliasesQuery } from "@/api/queries.ts";
import { t as aliasWords } from "@/components/alias/messages.en.ts";
import { CopyButton } from "@/components/CopyButton.tsx";
import { EmptyCard, ProblemCard } from "@/components/Problems.tsx";
import { Screen } from "@/components/Screen.tsx";
import { toast } from "@/components/toast.ts";
import { t as words } from "@/messages.en.ts";

import styles from "./CreateScreen.module.css";
import { t } from "./messages.en.ts";

const route = getRouteApi("/aliases/new");
const PULL = "bodhi pull owner/repo:Q4_K_M";

export function CreateScreen() {
  const { from } = route.useSearch();
  const { data } = useQuery(aliasesQuery);
  const models = data?.aliases.filter((row) => row.source === "model") ?? [];
  return (
    <Screen
      title={t.createTitle}
      above={
        <>
          <Link to="/aliases">{words.list.title}</Link>
          <span aria-hidden>{words.slash}</span>
        </>
      }
    >
      {data !== undefined && models.length === 0 ? (
        <EmptyCard title={t.noModels} text={t.noModelsText}>
          <code>{PULL}</code>
          <CopyButton text={PULL} what={PULL} />
        </EmptyCard>
      ) : (
        <Form models={models.map(({ id, name }) => ({ value: id, label: name }))} from={from} />
      )}
    </Screen>
  );
}

interface FormProps {
  readonly models: readonly { readonly value: string; readonly label: string }[];
  readonly from: string | undefined;
}

function Form({ models, from }: FormProps) {
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const [model, setModel] = useState<string | null>(from ?? null);
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (model === null) return;
    setBusy(true);
    setProblem(null);
    try {
      const made = await cloneAlias(model, name.trim());
      await queries.invalidateQueries({ queryKey: ["aliases"] });
      toast(aliasWords.created(made.name));
      await navigate({ to: "/aliases/$id/edit", params: { id: made.id } });
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <p>{t.createLead}</p>
      <Select
        size="sm"
        label={t.model}
        description={t.modelHint}
        placeholder={t.chooseModel}
        searchable
        required
        data={models}
        value={model}
        onChange={setModel}
      />
      <TextInput
        size="sm"
        label={t.name}
        description={t.nameHint}
        required
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      {problem === null ? null : <ProblemCard message={problem.message} remedy={problem.remedy} />}
      <Button type="submit" loading={busy} disabled={model === null || name.trim() === ""}>
        {t.create}
      </Button>
    </form>
  );
}
