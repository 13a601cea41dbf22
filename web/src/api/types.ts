// The server's types by the names that the page uses for them.

import type { FetchResponse } from "openapi-fetch";

import type { components, paths } from "./schema.d.ts";

type Schemas = components["schemas"];

/** What the client hands out for a GET of this address. */
type Got<P extends "/api/v1/aliases" | "/api/v1/aliases/{id}"> = NonNullable<
  FetchResponse<paths[P]["get"], object, "application/json">["data"]
>;

export type AliasList = Got<"/api/v1/aliases">;
export type AliasRow = AliasList["aliases"][number];
export type AliasDetail = Got<"/api/v1/aliases/{id}">;
export type EffectiveValue = Schemas["EffectiveParameter"];
export type Trace = Schemas["TraceShown"];
export type Engine = Schemas["EngineItem"];
export type Source = Schemas["AliasSource"];
export type Layer = Schemas["Layer"];
export type JsonValue = Schemas["JsonValue"];
export type Parameter = Schemas["ParameterShown"];
export type Rung = Schemas["RungShown"];
export type Finding = Schemas["FindingShown"];
export type SetParameter = AliasRow["set"][number];
export type EditShown = Schemas["EditShown"];
export type FixShown = Schemas["FixShown"];
export type Session = Schemas["SessionShown"];
export type Dashboard = Schemas["Dashboard"];
export type AliasUsage = Schemas["AliasUsage"];
export type UsageDetail = Schemas["AliasUsageDetail"];
export type UsageSeries = Schemas["UsageSeries"];
export type Version = Schemas["VersionItem"];
export type VersionDetail = Schemas["VersionDetail"];
export type Difference = Schemas["DifferenceShown"];
export type Change = Difference["changes"][number];
export type ModelItem = Schemas["ModelItem"];
export type Memory = Schemas["MemoryShown"];
export type Job = Schemas["JobShown"];
export type BatchResult = Schemas["BatchShown"];
export type BatchUndo = Schemas["UndoSent"];
export type BatchChange = NonNullable<Schemas["BatchSent"]["change"]>;
export type Preset = Schemas["PresetShown"];
export type Trashed = Schemas["TrashedShown"];
export type Draft = Schemas["DraftDetail"];
export type Validation = Schemas["ValidationShown"];
export type RecipeShown = NonNullable<Draft["recipe"]>;
export type Rule = Schemas["RuleShown"];
export type SourceSent = Schemas["SourceSent"];
export type RecipeSent = Schemas["RecipeSent"];
export type Proposal = Schemas["RecipeProposal"];
