// A request as one would write it in a shell or a program. Pure.

const PROMPT = "Hello!";

/** In single quotes of a POSIX shell, whatever it holds. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** `origin` is where the server is, such as http://127.0.0.1:1135. */
export function curlOf(origin: string, model: string): string {
  const body = JSON.stringify({ model, messages: [{ role: "user", content: PROMPT }] });
  return [
    `curl ${origin}/v1/chat/completions \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d ${quoted(body)}`,
  ].join("\n");
}

/** With OpenAI's own package. */
export function pythonOf(origin: string, model: string): string {
  return [
    "from openai import OpenAI",
    "",
    `client = OpenAI(base_url=${JSON.stringify(`${origin}/v1`)}, api_key="unused")`,
    "reply = client.chat.completions.create(",
    `    model=${JSON.stringify(model)},`,
    `    messages=[{"role": "user", "content": ${JSON.stringify(PROMPT)}}],`,
    ")",
    "print(reply.choices[0].message.content)",
  ].join("\n");
}
