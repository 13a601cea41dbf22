// Presets on the server: read, saved, taken from files, deleted.

import { client, dataOf } from "@/api/client.ts";
import { problemOf } from "@/api/problem.ts";
import type { components } from "@/api/schema.d.ts";
import type { Preset } from "@/api/types.ts";

type Schemas = components["schemas"];
export type PresetSent = Schemas["PresetSent"];

export function savePreset(name: string, body: PresetSent): Promise<Preset> {
  return dataOf(client.PUT("/api/v1/presets/{name}", { params: { path: { name } }, body }));
}

interface File {
  readonly name: string;
  readonly source_text: string;
  readonly replace: boolean;
}

/** A file as it is, byte for byte. A dry run says what it would become, and writes nothing. */
export function importPreset(body: File, isDry = false): Promise<Preset> {
  const params = { query: { dry_run: isDry } };
  return dataOf(client.POST("/api/v1/presets/import", { params, body }));
}

export async function deletePreset(name: string): Promise<void> {
  const params = { path: { name } };
  const { error, response } = await client.DELETE("/api/v1/presets/{name}", { params });
  if (!response.ok) throw problemOf(error, response.status);
}
