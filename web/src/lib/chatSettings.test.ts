import { describe, expect, test } from "vitest";

import { readChatSettings, shellWords } from "./chatSettings.ts";

const KEYS: Readonly<Record<string, string>> = {
  temperature: "temperature",
  max_completion_tokens: "max_tokens",
  stop: "stop",
  system_prompt: "system_prompt",
};
const keyOf = (field: string) => KEYS[field] ?? null;
const BODY = {
  model: "gpt-4o",
  temperature: 0,
  max_completion_tokens: 64,
  stop: [" User:, ", "\n\n"],
  stream: true,
  top_k: null,
  messages: [
    { role: "system", content: "It's short." },
    { role: "user", content: "Hi" },
  ],
};

function expectBody(text: string) {
  const read = readChatSettings(text, keyOf);
  expect(read?.model).toBe("gpt-4o");
  expect(Object.fromEntries(read?.values ?? [])).toEqual({
    temperature: 0,
    max_tokens: 64,
    stop: [" User:, ", "\n\n"],
    system_prompt: "It's short.",
  });
  expect(read?.left).toEqual(["stream"]);
}

describe("settings of a chat", () => {
  test("a JSON body", () => {
    expectBody(JSON.stringify(BODY, null, 2));
  });

  test.each(["-d", "--data", "--data-raw", "--json"])("a curl command with %s", (flag) => {
    const quoted = JSON.stringify(BODY).replaceAll("'", "'\\''");
    expectBody(
      `curl https://api.example.com/v1/chat/completions \\\n  -H "Authorization: Bearer $KEY" \\\n  ${flag} '${quoted}'`,
    );
  });

  test("a body in double quotes", () => {
    const quoted = JSON.stringify(BODY).replaceAll(/["\\$`]/g, (one) => `\\${one}`);
    expectBody(`curl --data="${quoted}" http://x`);
  });

  test.each(["", "curl http://x", "{", "[1]", "temperature: 1", "curl -d 'x'"])(
    "%j holds none",
    (text) => {
      expect(readChatSettings(text, keyOf)).toBeNull();
    },
  );
});

test("words are read as a shell reads them", () => {
  expect(shellWords(`a 'b c'"d \\" e"\\ f \\\n g ''`)).toEqual(["a", `b cd " e f`, "g", ""]);
});
