// What a new alias is made from, and what that says: values, and why each of them. Pure.

import type {
  JsonValue,
  Parameter,
  Preset,
  Proposal,
  RecipeSent,
  RecipeShown,
} from "@/api/types.ts";
import { sectionsOf, settingsIn, type Settings } from "@/components/params/edits.ts";
import type { ChatSettings } from "@/lib/chatSettings.ts";

import { t } from "./messages.en.ts";

/** How a model fits this machine, the best first. */
export const VERDICTS = ["fits", "tight", "does not fit"] as const;

export const KINDS = ["guided", "model", "alias", "chat", "file"] as const;
export type Kind = (typeof KINDS)[number];

/** What a person has said; what follows from it is not kept. */
export interface Making {
  readonly kind: Kind;
  /** A preset's name. */
  readonly intent: string | null;
  /** A model by its own name or by its alias's URL id; null while nobody has chosen. */
  readonly model: string | null;
  readonly aliasId: string | null;
  readonly pasted: string;
  readonly text: string;
  /** null while the suggestion is good enough. */
  readonly name: string | null;
  readonly description: string;
  /** null while the values are those that it begins with. */
  readonly settings: Settings | null;
}

const NOTHING: Making = {
  kind: "guided",
  intent: null,
  model: null,
  aliasId: null,
  pasted: "",
  text: "",
  name: null,
  description: "",
  settings: null,
};

/** By the address: `model:ID`, `alias:ID`, `preset:NAME`, `chat`, `file`; else a model's alias. */
export function beginning(from: string | undefined): Making {
  if (from === undefined || from === "guided") return NOTHING;
  if (from === "chat" || from === "file") return { ...NOTHING, kind: from };
  const [, kind = "model", id = from] = /^(model|alias|preset):(.+)$/.exec(from) ?? [];
  if (kind === "alias") return { ...NOTHING, kind, aliasId: id };
  if (kind === "preset") return { ...NOTHING, intent: id };
  return { ...NOTHING, kind: "model", model: id };
}

export interface Begun {
  readonly settings: Settings;
  /** Registry key -> why it begins with this value. */
  readonly reasons: ReadonlyMap<string, string>;
  /** What was said and is no parameter of an alias. */
  readonly left: readonly string[];
  /** The preset that it says, which the file is to name. */
  readonly preset: string | null;
}

export const EMPTY: Begun = { settings: new Map(), reasons: new Map(), left: [], preset: null };

/** What the model's makers recommend. */
export function begunOfModel(proposal: Proposal | undefined): Begun {
  if (proposal === undefined) return EMPTY;
  const reasons = proposal.reasons.map(
    ({ key, source }) => [key, t.recommendedBy(source)] as const,
  );
  return { ...EMPTY, settings: settingsIn(proposal.recipe), reasons: new Map(reasons) };
}

const FEWEST = 3;

/** What an intent says, then what the model's makers say, then what is good for anybody: three. */
export function begunGuided(
  preset: Preset | undefined,
  proposal: Proposal | undefined,
  further: readonly Further[],
): Begun {
  if (preset === undefined) return EMPTY;
  const settings = new Map(settingsIn(preset));
  const reasons = new Map([...settings.keys()].map((key) => [key, preset.about] as const));
  const model = begunOfModel(proposal);
  const rest: Further[] = [...model.settings].map(([key, { value }]) => ({
    key,
    value,
    reason: model.reasons.get(key) ?? "",
  }));
  for (const { key, value, reason } of [...rest, ...further]) {
    if (settings.size >= FEWEST) break;
    if (settings.has(key)) continue;
    settings.set(key, { mode: "default", value, bounds: null });
    reasons.set(key, reason);
  }
  return { settings, reasons, left: [], preset: preset.name };
}

export interface Further {
  readonly key: string;
  readonly value: JsonValue;
  readonly reason: string;
}

export function begunOfChat(read: ChatSettings | null): Begun {
  if (read === null) return EMPTY;
  const settings = new Map(
    [...read.values].map(
      ([key, value]) => [key, { mode: "default", value, bounds: null }] as const,
    ),
  );
  const reasons = new Map([...settings.keys()].map((key) => [key, t.ofTheRequest] as const));
  return { ...EMPTY, settings, reasons, left: read.left };
}

export function begunOfAlias(recipe: RecipeShown | null, name: string): Begun {
  if (recipe === null) return EMPTY;
  const settings = settingsIn(recipe);
  const reasons = new Map([...settings.keys()].map((key) => [key, t.asIn(name)] as const));
  return { ...EMPTY, settings, reasons };
}

interface Fields {
  readonly name: string;
  readonly model: { readonly repo: string; readonly filename: string };
  readonly description: string;
  readonly settings: Settings;
  /** The name of the preset that they were taken from. */
  readonly preset: string | null;
  /** Of the alias that is copied, what no row shows. */
  readonly base: RecipeShown | null;
}

/** The recipe as the server takes it. */
export function recipeFrom(fields: Fields, params: readonly Parameter[]): RecipeSent {
  const { name, model, description, settings, preset, base } = fields;
  return {
    name,
    repo: model.repo,
    filename: model.filename,
    snapshot: null,
    chat_template: base?.chat_template ?? null,
    ...sectionsOf(settings, params),
    description: description === "" ? null : description,
    tags: [...(base?.tags ?? [])],
    preset: preset ?? base?.preset ?? null,
  };
}

/** A field of a request by the registry's key, or null: only what a request can say. */
export function keyOfField(params: readonly Parameter[]): (field: string) => string | null {
  const keys = new Map(
    params
      .filter(({ section }) => section === "request_params")
      .flatMap(({ key, spellings }) => [key, ...spellings].map((name) => [name, key] as const)),
  );
  return (field) => keys.get(field) ?? null;
}

/** `name`, or with the first number behind it that makes it free. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const wanted = number === 1 ? name : `${name}-${number}`;
    if (!taken.has(wanted)) return wanted;
  }
}
