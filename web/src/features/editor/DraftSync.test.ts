import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Problem } from "@/api/problem.ts";
import type { Draft, EditShown } from "@/api/types.ts";

import { AFTER_MS, DraftSync, type DraftServer, knownOf } from "./DraftSync.ts";
import { type Recipe, recipeOf } from "./recipe.ts";

/** A server with one draft, whose recipe is its description alone. */
class Server {
  text = "at first";
  seq = 0;
  has = false;
  away = false;
  readonly asked: string[] = [];

  draft(): Draft {
    return {
      id: "d",
      etag: `e${this.seq}`,
      seq: this.seq,
      source_text: this.text,
      recipe: this.text === "" ? null : shown(this.text),
      errors: [],
      findings: [],
      effective: [],
      base_etag: "alias",
    } as unknown as Draft;
  }

  readonly api: DraftServer = {
    begin: () => this.answer("begin", () => (this.has = true)),
    show: () => this.answer("show", () => true),
    alias: () => Promise.resolve({ ...knownOf(this.draft()), draftId: null }),
    edit: ({ etag }, edits) => this.change("edit", etag, String(edits[0]?.value)),
    replace: ({ etag }, text) => this.change("replace", etag, text),
  };

  private change(verb: string, etag: string, text: string): Promise<Draft> {
    return this.answer(verb, () => {
      if (!this.has) throw new Problem("", null, "draft_not_found", 404);
      if (etag !== `e${this.seq}`) throw new Problem("", null, "draft_changed", 412);
      this.text = text;
      this.seq += 1;
    });
  }

  private async answer(verb: string, work: () => unknown): Promise<Draft> {
    this.asked.push(verb);
    await Promise.resolve();
    if (this.away) throw new TypeError("fetch failed");
    work();
    return this.draft();
  }
}

function shown(description: string): NonNullable<Draft["recipe"]> {
  return {
    name: "a",
    repo: "o/r",
    snapshot: null,
    chat_template: null,
    filename: "f",
    description,
    tags: [],
    preset: null,
    context_params: {},
    request_params: {},
    request_policy: {},
  };
}

const saying = (description: string): Recipe => recipeOf(shown(description));

function edits(before: Recipe, after: Recipe): readonly EditShown[] {
  const { description } = after.basics;
  return before.basics.description === description
    ? []
    : [{ path: ["description"], value: description }];
}

function begun() {
  const server = new Server();
  const kept: (string | null)[] = [];
  const known = { ...knownOf(server.draft()), draftId: null, etag: "alias" };
  const read: Recipe[] = [];
  const sync = new DraftSync(known, saying("at first"), {
    server: server.api,
    mirror: {
      keep: (_, recipe) => kept.push(recipe.basics.description),
      forget: () => kept.push("forgotten"),
    },
    textOf: ({ text }) => text,
    editsBetween: edits,
    onRead: (_, recipe) => read.push(recipe),
  });
  return { server, sync, kept, read };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const later = (ms = AFTER_MS) => vi.advanceTimersByTimeAsync(ms);

describe("saving", () => {
  test("the first change begins a draft; many changes of a moment are one request", async () => {
    const { server, sync, kept } = begun();
    sync.want(saying("o"));
    sync.want(saying("on"));
    sync.want(saying("one"));
    expect(server.asked).toEqual([]);
    await later();
    expect(server.asked).toEqual(["begin", "edit"]);
    expect(server.text).toBe("one");
    expect(sync.snapshot().status).toBe("saved");
    expect(kept).toEqual(["o", "on", "one", "forgotten"]);
    sync.want(saying("two"));
    await later();
    expect(server.asked).toEqual(["begin", "edit", "edit"]);
  });

  test("a change that is made while another is on its way is saved after it", async () => {
    const { server, sync } = begun();
    sync.want(saying("one"));
    const done = sync.flush();
    sync.want(saying("two"));
    await later(0);
    expect(await done).toBe(true);
    expect(server.text).toBe("two");
  });

  test("a text replaces the whole, and is told as what it says", async () => {
    const { server, sync, read } = begun();
    sync.want({ ...saying("at first"), text: "typed" });
    await later();
    expect(server.asked).toEqual(["begin", "replace"]);
    expect(read.map((one) => one.basics.description)).toEqual(["typed"]);
  });
});

describe("a server that is away", () => {
  test("what was changed stays on the device and is saved when the server is back", async () => {
    const { server, sync, kept } = begun();
    server.away = true;
    sync.want(saying("one"));
    await later();
    expect(sync.snapshot().status).toBe("offline");
    expect(kept).toEqual(["one"]);
    server.away = false;
    await later(5_000);
    expect(server.text).toBe("one");
    expect(kept.at(-1)).toBe("forgotten");
  });
});

describe("another window", () => {
  test("nothing that another has saved is written over", async () => {
    const { server, sync } = begun();
    sync.want(saying("one"));
    await later();
    server.text = "theirs";
    server.seq += 1;
    sync.want(saying("two"));
    await later();
    expect(server.text).toBe("theirs");
    expect(sync.snapshot()).toMatchObject({ status: "conflict", theirs: { text: "theirs" } });
    sync.want(saying("three"));
    await later(10_000);
    expect(server.text).toBe("theirs");
    expect(await sync.flush()).toBe(false);
    sync.keepMine();
    await later();
    expect(server.text).toBe("three");
    expect(sync.snapshot().theirs).toBeNull();
  });

  test("an alias that has a draft with other content already is such a conflict", async () => {
    const { server, sync } = begun();
    server.text = "theirs";
    sync.want(saying("mine"));
    await later();
    expect(server.asked).toEqual(["begin"]);
    expect(sync.snapshot().status).toBe("conflict");
  });

  test("a draft that is gone is met as the alias, and nothing is lost", async () => {
    const { server, sync } = begun();
    sync.want(saying("one"));
    await later();
    server.has = false;
    sync.want(saying("two"));
    await later();
    expect(sync.snapshot()).toMatchObject({ status: "conflict", theirs: { draftId: null } });
    sync.keepMine();
    await later();
    expect(server.text).toBe("two");
  });
});

test("what the server refuses is said, and the next change is tried again", async () => {
  const { server, sync } = begun();
  const refuse = vi
    .spyOn(server.api, "edit")
    .mockRejectedValueOnce(new Problem("No.", null, "alias_file_invalid", 400));
  sync.want(saying("one"));
  await later();
  expect(sync.snapshot()).toMatchObject({ status: "refused", problem: { message: "No." } });
  sync.want(saying("two"));
  await later();
  expect(server.text).toBe("two");
  refuse.mockRestore();
});
