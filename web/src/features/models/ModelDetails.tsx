// One model file: what its header says, whether it fits this machine, which aliases are on it.
import { Button } from "@mantine/core";
import { IconPlayerPlay, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { memoryQuery } from "@/api/models.ts";
import { aliasesQuery } from "@/api/queries.ts";
import type { Memory, ModelItem } from "@/api/types.ts";
import { Panel } from "@/components/Panel.tsx";
import { Notice } from "@/components/Problems.tsx";
import { bytes } from "@/lib/units.ts";
import { count, t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import styles from "./ModelDetails.module.css";

export function ModelDetails({ model }: { readonly model: ModelItem }) {
  const { data } = useQuery(aliasesQuery);
  const rows = data?.aliases ?? [];
  const own = rows.find((row) => row.source === "model" && row.name === model.id);
  const users = rows.filter(
    (row) => row.source === "user" && row.repo === model.repo && row.filename === model.filename,
  );
  return (
    <Panel title={model.name ?? model.id}>
      <div className={styles.body}>
        {model.problem === null ? null : <Notice text={model.problem} />}
        <div className={styles.actions}>
          {own === undefined ? null : (
            <Button
              renderRoot={(props) => (
                <Link to="/aliases/new" search={{ from: own.id }} {...props} />
              )}
              leftSection={<IconPlus size={15} aria-hidden />}
            >
              {t.createAlias}
            </Button>
          )}
          <Button
            variant="default"
            renderRoot={(props) => (
              <Link to="/playground" search={{ alias: model.id }} {...props} />
            )}
            disabled={model.problem !== null}
            leftSection={<IconPlayerPlay size={15} aria-hidden />}
          >
            {t.tryIt}
          </Button>
        </div>
        {model.problem === null ? <Fit id={model.id} /> : null}
        <HeaderFacts model={model} />
        <section aria-label={t.usedBy}>
          <h3>{t.usedBy}</h3>
          {users.length === 0 ? <p className={styles.none}>{t.usedByNone}</p> : null}
          <ul className={styles.users}>
            {users.map((row) => (
              <li key={row.id}>
                <Link to="/aliases/$id" params={{ id: row.id }}>
                  {row.name}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </Panel>
  );
}

function Fit({ id }: { readonly id: string }) {
  const { data, isError } = useQuery(memoryQuery(id));
  if (isError) return <p className={styles.none}>{t.fitFails}</p>;
  if (data === undefined) return null;
  return (
    <section aria-label={t.fit} className={styles.fit} data-verdict={data.verdict}>
      <p>{data.words}</p>
      <MemoryBar memory={data} />
    </section>
  );
}

/** Each part's share of the memory that is free, and what is left. */
function MemoryBar({ memory }: { readonly memory: Memory }) {
  const free = memory.rooms.reduce((sum, room) => sum + room.free_bytes, 0);
  const whole = Math.max(free, memory.total_bytes, 1);
  return (
    <>
      <div className={styles.bar} aria-hidden>
        {memory.parts.map((part) => (
          <span
            key={part.name}
            data-part={part.name}
            style={{ width: `${(part.bytes / whole) * 100}%` }}
          />
        ))}
      </div>
      <dl className={styles.parts}>
        {memory.parts.map((part) => (
          <div key={part.name}>
            <dt data-part={part.name}>{t.fitParts[part.name]}</dt>
            <dd title={part.reason}>{bytes(part.bytes)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function HeaderFacts({ model }: { readonly model: ModelItem }) {
  const { parameter_count: parameters, context_length: context, embedding_length: width } = model;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t.architecture, model.architecture],
    [t.parameters, parameters === null ? model.size_label : count(parameters)],
    [t.trained, context === null ? null : words.detail.tokens(context)],
    [t.layers, model.layers],
    [t.embedding, width],
    [t.template, model.has_chat_template ? t.templateYes : t.templateNo],
    [t.license, model.license],
    [t.size, bytes(model.size_bytes)],
    [t.parts, model.parts > 1 ? model.parts : null],
    [t.file, asValue(model.filename)],
    [t.snapshot, asValue(model.snapshot)],
    [t.path, asValue(model.path)],
  ];
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value !== null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function asValue(text: string | null): ReactNode {
  return text === null ? null : <code>{text}</code>;
}
