// A stream of server-sent events from bytes, whole events only. Pure.

import { createParser, type EventSourceMessage } from "eventsource-parser";

/** The stream ended without its last event: what came is not the whole answer. */
export class StreamCut extends Error {
  override name = "StreamCut";
}

/** Events as they come, however their bytes are cut; the reader may stop at any of them. */
export async function* serverEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<EventSourceMessage, void> {
  const came: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => came.push(event) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* came.splice(0);
    }
  } finally {
    await reader.cancel();
  }
}
