import { expect, test } from "vitest";

import { StreamCut } from "@/lib/serverEvents.ts";

import { type TrialEvent, trialEvents } from "./trials.ts";

function streamOf(text: string, sizes: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += sizes)
        controller.enqueue(bytes.slice(at, at + sizes));
      controller.close();
    },
  });
}

const event = (name: string, data: object): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

async function all(text: string, sizes = 1000): Promise<TrialEvent[]> {
  const found: TrialEvent[] = [];
  for await (const one of trialEvents(streamOf(text, sizes))) found.push(one);
  return found;
}

test.each([1, 3, 7, 1000])(
  "text is whole however the bytes are cut (%d at once)",
  async (sizes) => {
    const text =
      event("begun", {}) +
      event("delta", { content: "Grüße, " }) +
      event("delta", { content: "猫" });
    const found = await all(text + event("done", {}), sizes);
    expect(found.map(({ data }) => (data.content as string | undefined) ?? "").join("")).toBe(
      "Grüße, 猫",
    );
  },
);

test("a stream without its end is no whole answer", async () => {
  await expect(all(event("begun", {}) + event("delta", {}))).rejects.toBeInstanceOf(StreamCut);
});

test("lanes end each for itself: one that is missing is a cut", async () => {
  const begun = event("begun", { lane: 0 }) + event("begun", { lane: 1 });
  const one = event("error", { lane: 1 });
  await expect(all(begun + one)).rejects.toBeInstanceOf(StreamCut);
  expect(await all(begun + one + event("done", { lane: 0 }))).toHaveLength(4);
});
