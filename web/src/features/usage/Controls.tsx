// Which time and whose requests: all of it goes into the address.
import { Segments } from "@/components/Segments.tsx";
import { Button, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";

import { fieldOf, secondsOf } from "@/lib/localTime.ts";
import { LASTS, type UsageSearch, type UsageSpan, without } from "@/lib/usageSearch.ts";

import styles from "./Controls.module.css";
import { t } from "./messages.en.ts";
import { aliasesUsedQuery, modelsUsedQuery } from "./report.ts";

const route = getRouteApi("/usage");

interface Props {
  readonly search: UsageSearch;
  readonly span: UsageSpan;
}

export function Controls({ search, span }: Props) {
  const navigate = route.useNavigate();
  const isOwn = search.from !== undefined;
  const [asks, setAsks] = useState(isOwn);
  const others = without(search, "from", "to", "last", "every");
  const chosen = asks ? "own" : (search.last ?? "24h");
  return (
    <div className={styles.controls}>
      <Segments
        label={t.span}
        data={[
          ...LASTS.map((value) => ({ value, label: t.lasts[value] })),
          { value: "own", label: t.custom },
        ]}
        value={chosen}
        onChange={(value) => {
          const last = LASTS.find((one) => one === value);
          setAsks(last === undefined);
          if (last === undefined) return;
          void navigate({ search: last === "24h" ? others : { ...others, last } });
        }}
      />
      {asks ? (
        <OwnSpan
          key={`${span.start} ${span.end}`}
          span={span}
          onSpan={(from, to) => void navigate({ search: { ...others, from, to } })}
        />
      ) : null}
      <Segments
        label={t.every}
        data={(["hour", "day"] as const).map((value) => ({ value, label: t.everies[value] }))}
        value={span.every}
        onChange={(value) => {
          const wanted = value === "hour" ? "hour" : "day";
          void navigate({ search: (before) => ({ ...before, every: wanted }) });
        }}
      />
      <Whose search={search} span={span} />
    </div>
  );
}

interface OwnProps {
  readonly span: UsageSpan;
  readonly onSpan: (from: number, to: number) => void;
}

function OwnSpan({ span, onSpan }: OwnProps) {
  const [from, setFrom] = useState(fieldOf(span.start));
  const [to, setTo] = useState(fieldOf(span.end));
  const [start, end] = [secondsOf(from), secondsOf(to)];
  const isSpan = start !== null && end !== null && start < end;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isSpan) onSpan(start, end);
  };
  const field = (label: string, value: string, set: (value: string) => void) => (
    <TextInput
      size="xs"
      type="datetime-local"
      aria-label={label}
      value={value}
      onChange={(event) => {
        set(event.currentTarget.value);
      }}
    />
  );
  return (
    <form className={styles.own} onSubmit={submit}>
      {field(t.from, from, setFrom)}
      {field(t.to, to, setTo)}
      <Button type="submit" variant="default" disabled={!isSpan}>
        {t.apply}
      </Button>
      {isSpan ? null : (
        <p role="alert" className={styles.wrong}>
          {t.wrongSpan}
        </p>
      )}
    </form>
  );
}

function Whose({ search, span }: Props) {
  const navigate = route.useNavigate();
  const aliases = useQuery(aliasesUsedQuery(span)).data?.aliases ?? [];
  const models = useQuery(modelsUsedQuery(span)).data?.models ?? [];
  const named = new Map(
    aliases.flatMap(({ id, alias, source }) =>
      id === null || source === "draft" ? [] : [[id, alias]],
    ),
  );
  if (search.alias !== undefined && !named.has(search.alias)) named.set(search.alias, search.alias);
  const files = new Set([
    ...models.map(({ model }) => model),
    ...(search.model ? [search.model] : []),
  ]);
  const choose = (what: "alias" | "model") => (value: string | null) => {
    const rest = without(search, "alias", "model");
    void navigate({ search: value === null ? rest : { ...rest, [what]: value } });
  };
  const common = { size: "xs", searchable: true, clearable: true } as const;
  return (
    <div className={styles.whose}>
      <Select
        {...common}
        aria-label={t.alias}
        placeholder={t.allAliases}
        data={[...named].map(([value, label]) => ({ value, label }))}
        value={search.alias ?? null}
        clearButtonProps={{ "aria-label": `${t.clear} ${t.alias}` }}
        onChange={choose("alias")}
      />
      <Select
        {...common}
        aria-label={t.model}
        placeholder={t.allModels}
        data={[...files]}
        value={search.model ?? null}
        clearButtonProps={{ "aria-label": `${t.clear} ${t.model}` }}
        onChange={choose("model")}
      />
    </div>
  );
}
