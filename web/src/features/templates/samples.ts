// Three small conversations to see a template by; the server tries a template with the like.

export const SAMPLE_NAMES = ["plain", "system", "tools"] as const;
export type SampleName = (typeof SAMPLE_NAMES)[number];

type Message = Record<string, unknown>;

interface Sample {
  readonly messages: Message[];
  readonly tools?: Message[];
}

const PLAIN: Message[] = [
  { role: "user", content: "What is the capital of France?" },
  { role: "assistant", content: "Paris." },
  { role: "user", content: "And of Italy?" },
];

const CALL = {
  id: "call00001",
  type: "function",
  function: { name: "get_weather", arguments: { city: "Rome" } },
};

export const SAMPLES: Readonly<Record<SampleName, Sample>> = {
  plain: { messages: PLAIN },
  system: { messages: [{ role: "system", content: "Answer in one word." }, ...PLAIN] },
  tools: {
    messages: [
      { role: "user", content: "What is the weather in Rome?" },
      { role: "assistant", content: "", tool_calls: [CALL] },
      { role: "tool", tool_call_id: "call00001", name: "get_weather", content: "Sunny" },
    ],
    tools: [
      {
        type: "function",
        function: {
          name: "get_weather",
          description: "Tells the weather in a city.",
          parameters: {
            type: "object",
            properties: { city: { type: "string", description: "The city." } },
            required: ["city"],
          },
        },
      },
    ],
  },
};
