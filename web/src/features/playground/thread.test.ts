import { expect, test } from "vitest";

import { TRIAL_BEGINS } from "@/lib/trial.ts";

import {
  type Answer,
  asJson,
  asMarkdown,
  freshThread,
  guiltyIn,
  holds,
  recovered,
  spokenIn,
  type Thread,
  titleOf,
} from "./thread.ts";

const answer = (text: string, part: Partial<Answer["trial"]> = {}): Answer => ({
  role: "assistant",
  id: `a${text}`,
  alias: "demo",
  changes: 0,
  trial: { ...TRIAL_BEGINS, phase: "done", text, ...part },
  problem: null,
});
const thread: Thread = {
  ...freshThread("t", 5),
  system: "Be brief.",
  turns: [{ role: "user", id: "q", text: "  Tell me\nof cats. " }, answer("They purr.")],
};

test("what is sent is the system prompt and what was said, without answers that say nothing", () => {
  const empty = { ...thread, turns: [...thread.turns, answer("")] };
  expect(spokenIn(empty)).toEqual([
    { role: "system", content: "Be brief." },
    { role: "user", content: "  Tell me\nof cats. " },
    { role: "assistant", content: "They purr." },
  ]);
});

test("a thread is called as it begins, until it has a name", () => {
  expect(titleOf(thread)).toBe("Tell me of cats.");
  expect(titleOf({ ...thread, name: "Cats" })).toBe("Cats");
  expect(
    titleOf({ ...thread, turns: [{ role: "user", id: "q", text: "x".repeat(99) }] }),
  ).toHaveLength(60);
});

test("it is found by words of its name and of what was said, all of them", () => {
  expect(holds(thread, "purr CATS")).toBe(true);
  expect(holds(thread, "purr dogs")).toBe(false);
  expect(holds({ ...thread, name: "Dogs" }, "purr dogs")).toBe(true);
});

test("what was still coming when the page was left has been stopped, and keeps its text", () => {
  const cut = recovered({ ...thread, turns: [answer("They", { phase: "content", pieces: 3 })] });
  expect(cut.turns[0]).toMatchObject({ trial: { phase: "stopped", text: "They", pieces: 3 } });
  expect(recovered(thread)).toBe(thread);
});

test("both exports hold everything that was said", () => {
  const heads = { system: "System", user: "Question", assistant: "Answer" };
  const read = JSON.parse(asJson(thread)) as { messages: unknown[]; system: string };
  expect(read.messages).toHaveLength(2);
  expect(read.system).toBe("Be brief.");
  for (const text of ["# Tell me of cats.", "## System", "Be brief.", "## Answer", "They purr."])
    expect(asMarkdown(thread, heads)).toContain(text);
});

test("an error says which parameter it is about, where it is about one", () => {
  const problem = { message: "", remedy: null, code: "" };
  expect(guiltyIn({ ...problem, pointer: "/context_params/n_ctx" })).toBe("n_ctx");
  expect(guiltyIn({ ...problem, pointer: "/request_policy/top_p/clamp" })).toBe("top_p");
  expect(guiltyIn({ ...problem, pointer: "/messages/0" })).toBeNull();
  expect(guiltyIn(problem)).toBeNull();
});
