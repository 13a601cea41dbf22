import { expect, test } from "vitest";

import { merged, type Piece, pieces, StreamCut, StreamedError } from "./completion.ts";

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

async function all(text: string, sizes = 1000): Promise<Piece[]> {
  const found: Piece[] = [];
  for await (const piece of pieces(streamOf(text, sizes))) found.push(piece);
  return found;
}

const word = (content: string): string =>
  `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
const DONE = "data: [DONE]\n\n";

test.each([1, 3, 7, 1000])(
  "text is whole however the bytes are cut (%d at once)",
  async (sizes) => {
    const found = await all(word("Grüße, ") + word("猫\n\n") + DONE, sizes);
    expect(found.map((piece) => piece.text).join("")).toBe("Grüße, 猫\n\n");
  },
);

test("thoughts and the reason of the end are told apart from the text", async () => {
  const chunk = { choices: [{ delta: { reasoning_content: "hm" }, finish_reason: "stop" }] };
  const [piece] = await all(`data: ${JSON.stringify(chunk)}\n\n${DONE}`);
  expect(piece).toEqual({ text: "", thought: "hm", finish: "stop", timings: null });
});

test("the engine's speed and the counts of the usage come together from two events", async () => {
  const timed = {
    choices: [],
    timings: { prompt_n: 1, predicted_n: 5, predicted_per_second: 42.5 },
  };
  const used = { choices: [], usage: { prompt_tokens: 30, completion_tokens: 5 } };
  const found = await all(
    `data: ${JSON.stringify(timed)}\n\ndata: ${JSON.stringify(used)}\n\n${DONE}`,
  );
  const timings = found.map((piece) => piece.timings).reduce(merged, null);
  // prompt_n is 1 where the rest was cached; the prompt is 30 tokens all the same.
  expect(timings).toEqual({ promptTokens: 30, answerTokens: 5, tokensPerSecond: 42.5 });
});

test("an error within the stream is raised with what the server said", async () => {
  const body = { error: { message: "The engine died." } };
  const failed = all(`${word("a")}data: ${JSON.stringify(body)}\n\n`);
  await expect(failed).rejects.toBeInstanceOf(StreamedError);
  await expect(failed).rejects.toMatchObject({ body });
});

test("a stream without its end mark is no whole answer", async () => {
  await expect(all(word("a"))).rejects.toBeInstanceOf(StreamCut);
});
