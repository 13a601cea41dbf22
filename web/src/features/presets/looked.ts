// What a chosen file is, before anything is written: the server looks at it in a dry run.

import { asProblem, inOneLine } from "@/api/problem.ts";

import { t } from "./messages.en.ts";
import { presetNameOf } from "./fileName.ts";
import { settingsIn } from "@/components/params/edits.ts";
import { importPreset } from "./store.ts";

export interface Looked {
  readonly file: string;
  readonly name: string;
  readonly text: string;
  /** Why it cannot be taken; null: it can. */
  readonly problem: string | null;
  /** One's own of this name is there, and would be replaced. */
  readonly isThere: boolean;
  readonly values: number;
}

const MOST_BYTES = 256 * 1024;

export async function looked(file: File): Promise<Looked> {
  const name = presetNameOf(file.name);
  const nothing = { file: file.name, name, text: "", problem: null, isThere: false, values: 0 };
  if (file.size > MOST_BYTES) return { ...nothing, problem: t.tooLarge };
  let text: string;
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    text = decoder.decode(await file.arrayBuffer());
  } catch {
    return { ...nothing, problem: t.noText };
  }
  const tried = async (isThere: boolean): Promise<Looked> => {
    const preset = await importPreset({ name, source_text: text, replace: isThere }, true);
    return { ...nothing, text, isThere, values: settingsIn(preset).size };
  };
  try {
    return await tried(false);
  } catch (thrown) {
    const first = asProblem(thrown);
    if (first.code !== "name_taken") return { ...nothing, problem: said(first) };
  }
  try {
    return await tried(true);
  } catch (thrown) {
    return { ...nothing, problem: said(asProblem(thrown)) };
  }
}

function said(problem: ReturnType<typeof asProblem>): string {
  const words = inOneLine(problem);
  return problem.line === null ? words : t.atLine(problem.line, words);
}
