import { expect, test } from "vitest";

import { curlOf, javascriptOf, pythonOf } from "./snippets.ts";

const asked = {
  model: "a:b",
  messages: [{ role: "user", content: 'Say "hi" to O\'Neil' }],
  params: { temperature: 0.2, top_k: 7, stop: ["\n\n"], cache_prompt: true, json_schema: null },
};

test("a name with a quote stays one word of the shell", () => {
  expect(curlOf("http://h", "it's")).toContain(`"model":"it'\\''s"`);
});

test("all name the address and the alias", () => {
  for (const text of [
    curlOf("http://h:1", "a:b"),
    pythonOf("http://h:1", "a:b"),
    javascriptOf("http://h:1", asked),
  ]) {
    expect(text).toContain("http://h:1/v1");
    expect(text).toContain('"a:b"');
  }
});

test("what OpenAI's client does not know goes into its extra body, in Python's words", () => {
  const text = pythonOf("http://h", asked);
  expect(text).toContain('    stop=["\\n\\n"],\n');
  expect(text).toContain('extra_body={"top_k": 7, "cache_prompt": True, "json_schema": None}');
});

test("what the JavaScript sends is what was asked", () => {
  const body = /JSON\.stringify\(([\s\S]*?)\),\n\}\);/.exec(javascriptOf("http://h", asked))?.[1];
  expect(JSON.parse(body ?? "")).toEqual({
    model: asked.model,
    messages: asked.messages,
    ...asked.params,
  });
});
