// A request as one would write it in a shell or a program. Pure.

type Json = unknown;

export interface Asked {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** Further fields of the request: temperature, top_k, … */
  readonly params?: Readonly<Record<string, Json>>;
}

/** The least that can be asked. */
const hello = (model: string): Asked => ({
  model,
  messages: [{ role: "user", content: "Hello!" }],
});

// What OpenAI's own clients take as an argument; the rest goes into `extra_body`.
const OPENAI = new Set([
  ...["frequency_penalty", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens", "n"],
  ...["parallel_tool_calls", "presence_penalty", "reasoning_effort", "response_format", "seed"],
  ...["stop", "temperature", "tool_choice", "tools", "top_logprobs", "top_p", "user"],
]);

/** In single quotes of a POSIX shell, whatever it holds. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function bodyOf({ model, messages, params = {} }: Asked): Readonly<Record<string, Json>> {
  return { model, messages, ...params };
}

/** `origin` is where the server is, such as http://127.0.0.1:1135. */
export function curlOf(origin: string, asked: string | Asked): string {
  const body = JSON.stringify(bodyOf(typeof asked === "string" ? hello(asked) : asked));
  return [
    `curl ${origin}/v1/chat/completions \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d ${quoted(body)}`,
  ].join("\n");
}

/** With OpenAI's own package. */
export function pythonOf(origin: string, asked: string | Asked): string {
  const { model, messages, params = {} } = typeof asked === "string" ? hello(asked) : asked;
  const known = Object.entries(params).filter(([key]) => OPENAI.has(key));
  const others = Object.fromEntries(Object.entries(params).filter(([key]) => !OPENAI.has(key)));
  const extra = Object.keys(others).length === 0 ? [] : [`    extra_body=${pythonValue(others)},`];
  return [
    "from openai import OpenAI",
    "",
    `client = OpenAI(base_url=${JSON.stringify(`${origin}/v1`)}, api_key="unused")`,
    "reply = client.chat.completions.create(",
    `    model=${JSON.stringify(model)},`,
    `    messages=${pythonValue(messages)},`,
    ...known.map(([key, value]) => `    ${key}=${pythonValue(value)},`),
    ...extra,
    ")",
    "print(reply.choices[0].message.content)",
  ].join("\n");
}

/** With nothing but what browsers and Node bring. */
export function javascriptOf(origin: string, asked: Asked): string {
  const body = JSON.stringify(bodyOf(asked), null, 2).replaceAll("\n", "\n  ");
  return [
    `const response = await fetch(${JSON.stringify(`${origin}/v1/chat/completions`)}, {`,
    '  method: "POST",',
    '  headers: { "Content-Type": "application/json" },',
    `  body: JSON.stringify(${body}),`,
    "});",
    "const reply = await response.json();",
    "console.log(reply.choices[0].message.content);",
  ].join("\n");
}

/** JSON's strings and numbers are Python's as well. */
function pythonValue(value: Json): string {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null || value === undefined) return "None";
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(", ")}]`;
  if (typeof value === "object") {
    const pairs = Object.entries(value).map(
      ([key, one]) => `${JSON.stringify(key)}: ${pythonValue(one)}`,
    );
    return `{${pairs.join(", ")}}`;
  }
  return JSON.stringify(value);
}
