// What chosen files are, before anything is written: the server looks at each, in an archive, too.

import { createAlias } from "@/api/aliases.ts";
import { client, dataOf } from "@/api/client.ts";
import { validateText } from "@/api/drafts.ts";
import { asProblem, inOneLine } from "@/api/problem.ts";

import { t } from "./messages.en.ts";

/** One alias file, on its own or out of an archive. */
export interface Brought {
  readonly file: string;
  readonly text: string;
  /** What its alias is called; null where the file cannot be read. */
  readonly name: string | null;
  /** Why it cannot be brought in; null where it can. */
  readonly refusal: string | null;
  /** What else should be known of it. */
  readonly notes: readonly string[];
  readonly done: boolean;
}

// In base64, as much as a body of the server's may be.
const MOST_BYTES = 6 * 2 ** 20;
// An archive has up to a thousand files, and others ask the server things, too.
const AT_ONCE = 8;
// An alias with other errors is written all the same: it only cannot serve yet.
const HARD = new Set(["name_taken", "name_invalid"]);

/** Every alias file in these files, looked at. */
export async function broughtIn(files: readonly File[]): Promise<readonly Brought[]> {
  const read = await Promise.all(files.map(readOne));
  const all = read.flat();
  const found: Brought[] = [];
  for (let at = 0; at < all.length; at += AT_ONCE)
    found.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(looked))));
  return found;
}

/** Makes the alias; a refusal is kept with it. */
export async function written(one: Brought): Promise<Brought> {
  try {
    await createAlias({ source_text: one.text });
    return { ...one, done: true };
  } catch (thrown) {
    return { ...one, refusal: inOneLine(asProblem(thrown)) };
  }
}

async function readOne(file: File): Promise<readonly Brought[]> {
  if (file.size > MOST_BYTES) return [unread(file.name, t.importTooLarge)];
  if (/\.zip$/iu.test(file.name)) return unpacked(file);
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return [readable(file.name, decoder.decode(await file.arrayBuffer()))];
  } catch {
    return [unread(file.name, t.importNoText)];
  }
}

async function unpacked(archive: File): Promise<readonly Brought[]> {
  try {
    const body = { archive: await inBase64(archive) };
    const { files } = await dataOf(client.POST("/api/v1/aliases/unpack", { body }));
    return files.map(({ file, source_text, error }) => {
      const named = `${archive.name}: ${file}`;
      return source_text === null
        ? unread(named, error?.message ?? t.importNoText)
        : readable(named, source_text);
    });
  } catch (thrown) {
    return [unread(archive.name, inOneLine(asProblem(thrown)))];
  }
}

async function looked(one: Brought): Promise<Brought> {
  if (one.refusal !== null) return one;
  try {
    const { recipe, errors } = await validateText(one.text, null);
    const hard = errors.filter(({ code }) => recipe === null || HARD.has(code));
    const notes = errors.filter((error) => !hard.includes(error)).map(({ message }) => message);
    const refusal = hard.length === 0 ? null : hard.map(({ message }) => message).join(" ");
    return { ...one, name: recipe?.name ?? null, refusal, notes };
  } catch (thrown) {
    return { ...one, refusal: inOneLine(asProblem(thrown)) };
  }
}

function readable(file: string, text: string): Brought {
  return { file, text, name: null, refusal: null, notes: [], done: false };
}

function unread(file: string, refusal: string): Brought {
  return { ...readable(file, ""), refusal };
}

function inBase64(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      const address = typeof reader.result === "string" ? reader.result : "";
      resolve(address.split(",", 2)[1] ?? "");
    });
    reader.addEventListener("error", () => {
      reject(reader.error ?? new Error("unreadable"));
    });
    reader.readAsDataURL(file);
  });
}
