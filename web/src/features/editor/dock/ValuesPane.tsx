// What the draft comes to: for a request, for the engine, in memory; each value with its source.
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";

import { client, dataOf } from "@/api/client.ts";
import { modelsQuery } from "@/api/models.ts";
import type { EffectiveValue, JsonValue, Memory, ModelItem } from "@/api/types.ts";
import { valueText } from "@/lib/values.ts";
import { bytes } from "@/lib/units.ts";
import { t as words } from "@/messages.en.ts";

import type { Editor } from "../useEditor.ts";
import styles from "./Dock.module.css";
import { t } from "./messages.en.ts";

const SETTLED_MS = 200;

export function ValuesPane({ editor }: { readonly editor: Editor }) {
  const { effective } = editor.sync.known;
  const decided = effective.filter(({ value }) => value !== null);
  const model = useModelOf(editor);
  return (
    <div className={styles.pane}>
      {model === null ? null : (
        <>
          <MemoryOf editor={editor} model={model} />
          <section aria-label={t.place}>
            <p className={styles.lead}>{t.place}</p>
            <code className={styles.path}>{model.path}</code>
          </section>
        </>
      )}
      {effective.length === 0 ? <p className={styles.lead}>{t.noValues}</p> : null}
      <Table
        title={t.requestBody}
        lead={t.requestLead}
        values={decided.filter(({ section }) => section === "request_params")}
      />
      <Table
        title={t.engineOptions}
        lead={t.engineLead}
        values={decided.filter(({ section }) => section === "context_params")}
      />
    </div>
  );
}

interface TableProps {
  readonly title: string;
  readonly lead: string;
  readonly values: readonly EffectiveValue[];
}

function Table({ title, lead, values }: TableProps) {
  if (values.length === 0) return null;
  return (
    <section aria-label={title}>
      <p className={styles.lead}>{lead}</p>
      <table className={styles.values}>
        <thead>
          <tr>
            <th scope="col">{t.parameter}</th>
            <th scope="col">{t.value}</th>
            <th scope="col">{t.from}</th>
          </tr>
        </thead>
        <tbody>
          {values.map(({ key, value, layer }) => (
            <tr key={key} data-own={layer.startsWith("alias")}>
              <th scope="row">{key}</th>
              <td>{valueText(value)}</td>
              <td>{words.detail.layers[layer]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

// What the memory of a load depends on.
const SIZED = [
  "n_ctx",
  "n_parallel",
  "batch_size",
  "ubatch_size",
  "cache_type_k",
  "cache_type_v",
  "flash_attn",
  "kv_unified",
  "swa_full",
] as const;

type Sized = Readonly<Partial<Record<(typeof SIZED)[number], JsonValue>>>;

/** The model file that the draft names, which need not be the published one. */
function useModelOf({ recipe }: Editor): ModelItem | null {
  const { data } = useQuery(modelsQuery);
  const { repo, filename } = recipe.basics;
  return data?.models.find((one) => one.repo === repo && one.filename === filename) ?? null;
}

interface MemoryProps {
  readonly editor: Editor;
  readonly model: ModelItem;
}

// The model's own alias sets nothing: what the draft leaves unset is not taken from what is published.
function MemoryOf({ editor, model }: MemoryProps) {
  const [tried] = useDebouncedValue(JSON.stringify(sizedOf(editor)), SETTLED_MS);
  const { data } = useQuery({
    queryKey: ["models", "memory", model.id, tried],
    queryFn: ({ signal }) => memoryOf(model.id, JSON.parse(tried) as Sized, signal),
    placeholderData: (before) => before,
    retry: false,
  });
  if (data === undefined) return null;
  return (
    <section aria-label={t.needs} className={styles.memory} data-verdict={data.verdict}>
      <p className={styles.lead}>{t.needs}</p>
      <p className={styles.needs}>{t.needsText(bytes(data.total_bytes))}</p>
      <p>{data.words}</p>
      <ul>
        {data.parts.map((part) => (
          <li key={part.name} title={part.reason}>
            <span>{part.name}</span>
            <span>{bytes(part.bytes)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function sizedOf({ recipe, below }: Editor): Sized {
  return Object.fromEntries(
    SIZED.flatMap((key) => {
      const value = recipe.settings.get(key)?.value ?? below.get(key)?.value ?? null;
      return value === null ? [] : [[key, value]];
    }),
  );
}

function memoryOf(model: string, tried: Sized, signal: AbortSignal): Promise<Memory> {
  const query = { model, ...(tried as Readonly<Record<string, never>>) };
  return dataOf(client.GET("/api/v1/memory", { params: { query }, signal }));
}
