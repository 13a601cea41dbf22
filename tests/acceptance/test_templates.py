"""An alias with each kind of template, and with those that an engine does not survive."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from tests.support.hub import place_in_hub
from tests.support.server import RunningServer, running_server
from tests.support.tiny_gguf import write_tiny_gguf

REPO, FILE = "us/own", "own.Q8_0.gguf"
LOAD_TIMEOUT_S = 4.0
# What the engine makes of a slow machine's last look, and of ending the process.
SPARE_S = 20.0
MARKS = "{%% for m in messages %%}[%s {{ m.content }}]{%% endfor %%}"
WHERE = {
    "built-in": "tinyllama",
    "embedded": "embedded",
    "named": "embedded:tool_use",
    "elsewhere": "them/template",
    "listed": "them/several",
    "one-elsewhere": "them/several:rag",
    "file": "file:mine",
    "text": json.dumps(MARKS % "text"),
}
BAD = {
    # Loops in loops, none of them long enough to use up memory before it uses up patience.
    "hangs": "".join(f"{{% for v{n} in range(999) %}}" for n in range(6)) + "{% endfor %}" * 6,
    "crashes": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "cannot-be-read": "{{ a b }}",
}


def publish(root: Path, repo: str, filename: str, text: str) -> None:
    source = root / "source"
    source.write_text(text)
    place_in_hub(root / "hub", repo, filename, source, refs={"main": "main"})


def alias(home: Path, name: str, chat_template: str) -> None:
    text = f"alias: {name}\nrepo: {REPO}\nfilename: {FILE}\nchat_template: {chat_template}\n"
    text += "context_params: {n_ctx: 256}\nrequest_params: {max_tokens: 8, temperature: 0}\n"
    (home / "aliases" / f"{name}.yaml").write_text(text)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    root = tmp_path_factory.mktemp("templates")
    model, home = root / "own.gguf", root / "home"
    own = {"tokenizer.chat_template": MARKS % "embedded"}
    write_tiny_gguf(model, metadata={**own, "tokenizer.chat_template.tool_use": MARKS % "named"})
    place_in_hub(root / "hub", REPO, FILE, model, refs={"main": "main"})
    publish(root, "them/template", "chat_template.jinja", MARKS % "elsewhere")
    names = {"default": "listed", "rag": "one-elsewhere"}
    entries = [{"name": name, "template": MARKS % mark} for name, mark in names.items()]
    config = json.dumps({"chat_template": entries})
    publish(root, "them/several", "tokenizer_config.json", config)
    for folder in ("aliases", "templates"):
        (home / folder).mkdir(parents=True)
    (home / "templates" / "mine.jinja").write_text(MARKS % "file")
    for name, declared in (WHERE | {n: json.dumps(text) for n, text in BAD.items()}).items():
        alias(home, name, declared)
    env = {"BODHI_LOAD_TIMEOUT_S": str(LOAD_TIMEOUT_S), "BODHI_MAX_ENGINES": "3"}
    with running_server(home, root / "hub", env=env) as running:
        yield running


def ask(server: RunningServer, name: str) -> tuple[int, Any]:
    messages = [{"role": "user", "content": "hello"}]
    with httpx.Client(base_url=server.address, timeout=120) as client:
        answer = client.post("/v1/chat/completions", json={"model": name, "messages": messages})
        return answer.status_code, answer.json()


@pytest.mark.parametrize("name", WHERE)
def test_an_alias_with_each_kind_of_template_answers(name: str, server: RunningServer) -> None:
    status, answer = ask(server, name)
    assert status == 200, answer
    with server.http() as client:
        body = {"name": name, "messages": [{"role": "user", "content": "hello"}]}
        prompt = client.post("/api/v1/templates/render", json=body).json()["prompt"]
    mark = "<|user|>\nhello" if name == "built-in" else f"[{name} hello]"
    assert mark in prompt
    # It is what the engine was given: sent as a text, all of it but the last token, which is
    # always worked out anew, is found to have been there already.
    as_text = {"model": name, "prompt": prompt}
    with server.http() as client:
        usage = client.post("/v1/completions", json=as_text).json()["usage"]
    assert usage["prompt_tokens"] == answer["usage"]["prompt_tokens"]
    assert usage["prompt_tokens_details"]["cached_tokens"] == usage["prompt_tokens"] - 1


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("hangs", 504, "engine_load_timeout"),
        ("crashes", 503, "engine_load_failed"),
        ("cannot-be-read", 503, "engine_load_failed"),
    ],
)
def test_a_template_that_the_engine_does_not_survive_harms_nobody_else(
    name: str, status: int, code: str, server: RunningServer
) -> None:
    with ThreadPoolExecutor(1) as pool:
        started = time.monotonic()
        bad = pool.submit(ask, server, name)
        beside = 0
        while not bad.done():
            assert ask(server, "file")[0] == 200
            beside += 1
        took_s = time.monotonic() - started
    assert beside >= 1
    assert (bad.result()[0], bad.result()[1]["error"]["code"]) == (status, code)
    assert took_s <= LOAD_TIMEOUT_S + SPARE_S
    assert ask(server, "file")[0] == 200
    assert server.process.poll() is None
