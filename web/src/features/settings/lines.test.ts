import { expect, test } from "vitest";

import { fileLine, variableLine } from "./lines.ts";

test.each([
  ["max_engines", 3, "max_engines: 3", "export BODHI_MAX_ENGINES=3"],
  ["require_key", false, "require_key: false", "export BODHI_REQUIRE_KEY=false"],
  ["llama_server", null, "llama_server: null", "export BODHI_LLAMA_SERVER="],
  ["home", "/home/me/.bodhi", "home: /home/me/.bodhi", "export BODHI_HOME=/home/me/.bodhi"],
  ["memory_check", "off", 'memory_check: "off"', "export BODHI_MEMORY_CHECK=off"],
  [
    "allowed_hosts",
    ["a.example", "it's"],
    'allowed_hosts: ["a.example","it\'s"]',
    "export BODHI_ALLOWED_HOSTS='[\"a.example\",\"it'\\''s\"]'",
  ],
  ["hub_cache", "C:\\models", 'hub_cache: "C:\\\\models"', "export BODHI_HUB_CACHE='C:\\models'"],
])("%s has a line for the file and one for a shell", (name, value, line, variable) => {
  expect(fileLine(name, value)).toBe(line);
  expect(variableLine(name, value)).toBe(variable);
});
