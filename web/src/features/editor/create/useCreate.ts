// What a new alias comes to: from what a person has said, and what the server knows of it.
import { useDebouncedValue } from "@mantine/hooks";
import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";

import { cloneAlias, createAlias } from "@/api/aliases.ts";
import { validateNew, validateText } from "@/api/drafts.ts";
import { memoryQuery, modelsQuery, proposalQuery } from "@/api/models.ts";
import { aliasesQuery, aliasQuery, paramsQuery, presetsQuery } from "@/api/queries.ts";
import type {
  AliasDetail,
  AliasRow,
  Memory,
  ModelItem,
  Parameter,
  Preset,
  RecipeShown,
  Rung,
  SourceSent,
  Validation,
} from "@/api/types.ts";
import { belowOf, editsBetween, type Settings } from "@/components/params/edits.ts";
import { useWrong } from "@/components/params/useWrong.ts";
import { t as aliasWords } from "@/components/alias/messages.en.ts";
import { withName } from "@/lib/aliasText.ts";
import { type ChatSettings, readChatSettings } from "@/lib/chatSettings.ts";

import {
  beginning,
  type Begun,
  begunGuided,
  begunOfAlias,
  begunOfChat,
  begunOfModel,
  EMPTY,
  freeName,
  type Further,
  keyOfField,
  type Making,
  recipeFrom,
  VERDICTS,
} from "./making.ts";
import { t } from "./messages.en.ts";

export interface Create {
  readonly making: Making;
  readonly say: (part: Partial<Making>) => void;
  readonly models: readonly ModelItem[] | null;
  readonly aliases: readonly AliasRow[];
  readonly presets: readonly Preset[];
  readonly params: readonly Parameter[];
  readonly fits: ReadonlyMap<string, Memory>;
  readonly model: ModelItem | null;
  readonly chat: ChatSettings | null;
  readonly begun: Begun;
  readonly isBeginning: boolean;
  readonly settings: Settings;
  readonly changeValues: (change: (now: Settings) => Settings) => void;
  readonly name: string;
  readonly validation: Validation | null;
  readonly below: ReadonlyMap<string, Rung>;
  readonly wrong: ReadonlyMap<string, string>;
  readonly onWrong: (key: string, message: string | null) => void;
  /** What keeps a step from being left; null where nothing does. */
  readonly problemOf: (step: number) => Promise<string | null>;
  /** The file that it would be, or null where it cannot be one yet. */
  readonly textOf: () => Promise<string | null>;
  readonly create: () => Promise<AliasDetail>;
}

const SETTLED_MS = 250;
const NO_PARAMS: readonly Parameter[] = [];
const STAND_IN = "unnamed";
const MOST_MODELS = 24;
const CONTEXT = 8192;
const LONGEST_ANSWER = 1024;

export function useCreate(from: string | undefined): Create {
  const [making, setMaking] = useState(() => beginning(from));
  const { wrong, onWrong } = useWrong(from ?? "");
  const say = useCallback((part: Partial<Making>) => {
    setMaking((before) => ({ ...before, ...part }));
  }, []);
  const known = useKnown(making);
  const { params, model, base } = known;
  const { begun, chat, isBeginning } = useBegun(making, known);
  const settings = making.settings ?? begun.settings;
  const changeValues = useCallback(
    (change: (now: Settings) => Settings) => {
      setMaking((now) => ({ ...now, settings: change(now.settings ?? begun.settings) }));
    },
    [begun.settings],
  );
  const name = making.name ?? known.suggestion;
  const source = useMemo((): SourceSent | null => {
    if (making.kind === "file") return making.text === "" ? null : { source_text: making.text };
    // A copy may be of an alias whose file is not here.
    const place = model ?? base;
    if (place === null || params.length === 0) return null;
    const { description } = making;
    const named = { name: name.trim() || STAND_IN, model: place, description };
    const fields = { ...named, settings, preset: begun.preset, base };
    return { recipe: recipeFrom(fields, params) };
  }, [making, model, params, name, settings, begun.preset, base]);
  const checks = useChecks(source);
  const fileName = making.kind === "file" ? (checks.validation?.recipe?.name ?? "") : name;
  const problems = { making, model, chat, params, wrong, name: fileName, ask: checks.ask };
  return {
    ...known,
    making,
    say,
    chat,
    begun,
    isBeginning,
    settings,
    changeValues,
    name: fileName,
    validation: checks.validation,
    below: useMemo(() => belowOf(checks.validation?.effective ?? []), [checks.validation]),
    wrong,
    onWrong,
    problemOf: (step) => problemOf(step, problems),
    textOf: async () => (await checks.ask())?.source_text ?? null,
    create: () => createdFrom({ making, source, base, settings, params, name: fileName, model }),
  };
}

const NO_PRESETS: readonly Preset[] = [];

/** What the server knows, and what is chosen of it. */
function useKnown(making: Making) {
  const { kind, aliasId } = making;
  const models = useQuery(modelsQuery).data?.models ?? null;
  const rows = useQuery(aliasesQuery).data?.aliases;
  const aliases = useMemo(() => (rows ?? []).filter((row) => row.source === "user"), [rows]);
  const presets = useQuery(presetsQuery).data ?? NO_PRESETS;
  const fits = useFits(kind === "guided" ? (models ?? []) : []);
  const copied = useQuery({
    ...aliasQuery(aliasId ?? ""),
    enabled: kind === "alias" && aliasId !== null,
    refetchInterval: false,
  }).data;
  const base = useBase(copied ?? null);
  const wanted = making.model ?? (kind === "alias" ? (copied?.model?.id ?? null) : null);
  const asked = useQuery(paramsQuery(null)).data;
  const { pasted } = making;
  const chatModel = useMemo(
    () => (kind === "chat" && asked !== undefined ? modelOfChat(pasted, asked, rows ?? []) : null),
    [kind, pasted, asked, rows],
  );
  const best = kind === "guided" ? bestOf(models ?? [], fits) : null;
  const chosen = wanted ?? chatModel ?? best;
  const alias = rows?.find(
    (row) => row.source === "model" && [row.id, row.name].includes(chosen ?? ""),
  );
  const model = models?.find(({ id }) => id === chosen || id === alias?.name) ?? null;
  const own = rows?.find((row) => row.source === "model" && row.name === model?.id);
  const proposal = useQuery({
    ...proposalQuery(own?.id ?? ""),
    enabled: own !== undefined && kind !== "alias" && kind !== "file",
  });
  const params = useQuery(paramsQuery(model?.id ?? null)).data ?? asked ?? NO_PARAMS;
  const taken = new Set((rows ?? []).map((row) => row.name));
  const suggestion =
    kind === "alias"
      ? copied === undefined
        ? ""
        : freeName(aliasWords.copyOf(copied.name), taken)
      : (proposal.data?.recipe.name ?? "");
  return { models, aliases, presets, fits, base, copied, model, proposal, params, suggestion };
}

type Known = ReturnType<typeof useKnown>;

function useBase(copied: AliasDetail | null): RecipeShown | null {
  const text = copied?.source_text ?? null;
  const { data } = useQuery({
    queryKey: ["copied", text],
    queryFn: () => validateText(text ?? "", null),
    enabled: text !== null,
    staleTime: Infinity,
  });
  return data?.recipe ?? null;
}

function useBegun(making: Making, known: Known) {
  const { kind, intent, pasted } = making;
  const { presets, proposal, params, base, copied, model } = known;
  const context = Math.min(CONTEXT, model?.context_length ?? CONTEXT);
  const memory = useQuery({
    ...memoryQuery(model?.id ?? ""),
    enabled: kind === "guided" && model !== null,
  }).data;
  const chat = useMemo(() => readChatSettings(pasted, keyOfField(params)), [pasted, params]);
  const begun = useMemo((): Begun => {
    const further: readonly Further[] = [
      ...(memory === undefined
        ? []
        : [{ key: "n_ctx", value: context, reason: t.contextReason(memory.words) }]),
      { key: "max_tokens", value: LONGEST_ANSWER, reason: t.lengthReason },
    ];
    const preset = presets.find(({ name }) => name === intent);
    if (kind === "guided") return begunGuided(preset, proposal.data, further);
    if (kind === "model") return begunOfModel(proposal.data);
    if (kind === "alias") return begunOfAlias(base, copied?.name ?? "");
    return kind === "chat" ? begunOfChat(chat) : EMPTY;
  }, [kind, intent, presets, proposal.data, memory, context, base, copied, chat]);
  const isBeginning =
    (kind === "alias" && copied !== undefined && base === null) ||
    (kind !== "alias" && kind !== "file" && model !== null && proposal.isLoading);
  return { begun, chat, isBeginning };
}

/** The memory of each model's load, for as many as one looks at. */
function useFits(models: readonly ModelItem[]): ReadonlyMap<string, Memory> {
  const some = models
    .filter(({ problem, is_embedding_model }) => problem === null && !is_embedding_model)
    .slice(0, MOST_MODELS);
  const answers = useQueries({ queries: some.map(({ id }) => memoryQuery(id)) });
  return new Map(
    some.flatMap(({ id }, at) => {
      const memory = answers[at]?.data;
      return memory === undefined ? [] : [[id, memory] as const];
    }),
  );
}

/** Of the models that fit best, the largest: size is the best guess at what answers best. */
function bestOf(models: readonly ModelItem[], fits: ReadonlyMap<string, Memory>): string | null {
  const ranked = models
    .filter(({ id }) => fits.has(id))
    .toSorted((a, b) => {
      const [first, second] = [a, b].map(({ id }) =>
        VERDICTS.indexOf(fits.get(id)?.verdict ?? "does not fit"),
      ) as [number, number];
      return first - second || b.size_bytes - a.size_bytes;
    });
  return ranked[0]?.id ?? null;
}

function modelOfChat(
  pasted: string,
  params: readonly Parameter[],
  rows: readonly AliasRow[],
): string | null {
  const asked = readChatSettings(pasted, keyOfField(params))?.model ?? null;
  const row = rows.find(({ name }) => name === asked);
  const own = rows.find(
    (one) => one.source === "model" && one.repo === row?.repo && one.filename === row.filename,
  );
  return own?.name ?? null;
}

function useChecks(source: SourceSent | null) {
  const queries = useQueryClient();
  const [settled] = useDebouncedValue(source, SETTLED_MS);
  const query = (asked: SourceSent | null) => ({
    queryKey: ["validated", asked],
    queryFn: () => validateNew(asked ?? {}),
    staleTime: 10_000,
    gcTime: 30_000,
  });
  const { data } = useQuery({
    ...query(settled),
    enabled: settled !== null,
    placeholderData: (before: Validation | undefined) => before,
  });
  const ask = async () => (source === null ? null : queries.query(query(source)));
  return { validation: settled === null ? null : (data ?? null), ask };
}

interface Problems {
  readonly making: Making;
  readonly model: ModelItem | null;
  readonly chat: ChatSettings | null;
  readonly params: readonly Parameter[];
  readonly wrong: ReadonlyMap<string, string>;
  readonly name: string;
  readonly ask: () => Promise<Validation | null>;
}

const BEGINNING = 0;
const NAME = 1;
const VALUES = 2;

async function problemOf(step: number, problems: Problems): Promise<string | null> {
  const { making, params, wrong, name } = problems;
  if (step === BEGINNING) return beginningMissing(problems);
  if (step === NAME && name.trim() === "" && making.kind !== "file") return t.nameMissing;
  if (step !== NAME && step !== VALUES) return null;
  const errors = (await problems.ask())?.errors ?? [];
  const labels = new Map(params.map(({ key, label }) => [key, label]));
  const ofTheName = errors.find(({ pointer }) => pointer === "/alias");
  if (step === NAME) return ofTheName?.message ?? null;
  const [typed] = wrong;
  if (typed !== undefined) return t.wrongValue(labels.get(typed[0]) ?? typed[0], typed[1]);
  const first = errors.find(({ code }) => code === "alias_file_invalid");
  if (first === undefined) return null;
  return first.line === null || making.kind !== "file"
    ? first.message
    : t.errorAt(first.line, first.message);
}

function beginningMissing({ making, model, chat }: Problems): string | null {
  const { kind } = making;
  if (kind === "guided" && making.intent === null) return t.intentMissing;
  if (kind === "alias" && making.aliasId === null) return t.aliasMissing;
  if (kind === "chat" && chat === null) return t.pastedMissing;
  if (kind === "file") return making.text.trim() === "" ? t.fileMissing : null;
  // A copy may be of an alias whose file is not here.
  return model === null && kind !== "alias" ? t.modelMissing : null;
}

interface Creating {
  readonly making: Making;
  readonly source: SourceSent | null;
  readonly base: RecipeShown | null;
  readonly settings: Settings;
  readonly params: readonly Parameter[];
  readonly name: string;
  readonly model: ModelItem | null;
}

function createdFrom(creating: Creating): Promise<AliasDetail> {
  const { making, source, base, settings, params, name, model } = creating;
  if (making.kind !== "alias" || making.aliasId === null || base === null)
    return createAlias(source ?? {});
  const edits = [...editsBetween(begunOfAlias(base, "").settings, settings, params)];
  const isOther = model !== null && (model.repo !== base.repo || model.filename !== base.filename);
  if (isOther)
    edits.push(
      { path: ["repo"], value: model.repo },
      { path: ["filename"], value: model.filename },
      { path: ["snapshot"], value: null },
    );
  if (making.description !== "") edits.push({ path: ["description"], value: making.description });
  return cloneAlias(making.aliasId, name.trim(), edits);
}

/** The text of a file under another name. */
export function renamedText(making: Making, name: string): Partial<Making> {
  return making.kind === "file" ? { text: withName(making.text, name) } : { name };
}
