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
