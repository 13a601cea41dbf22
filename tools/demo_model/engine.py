"""Talking to the model through llama.cpp, in a child process."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 120
AT_ONCE = 4
MOST_TOKENS = 250
_NOT_FOR_CHILD = ("LLAMA_SERVER_ROUTER_PORT", "LLAMA_SERVER_CHILD_MODE", "AIP_MODE")

Message = dict[str, str]


@dataclass(frozen=True)
class Reply:
    """What the model said, and whether it ended by itself."""

    text: str
    ended: bool


@dataclass(frozen=True)
class Request:
    """One request to the model."""

    messages: tuple[Message, ...]
    temperature: float = 0.0
    seed: int = 0


def question(text: str, system: str = "") -> Request:
    """Return the request of one question, perhaps under a system prompt."""
    user = {"role": "user", "content": text}
    return Request(({"role": "system", "content": system}, user) if system else (user,))


class Engine:
    """The model in a child process; a context manager."""

    def __init__(self, model: Path) -> None:
        self.model = model
        self.address = ""

    def __enter__(self) -> "Engine":
        environment = {**os.environ, "GGML_NO_BACKTRACE": "1"}
        for name in _NOT_FOR_CHILD:
            environment.pop(name, None)
        command = [sys.executable, "-m", f"{__package__}.serve", str(self.model.resolve())]
        self.child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=environment
        )
        if self.child.stdout is not None:
            self.address = self.child.stdout.readline().decode().strip()
        if not self.address:
            raise RuntimeError(f"llama.cpp could not load {self.model}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.child.stdin is not None:
            self.child.stdin.close()
        self.child.wait(timeout=10)

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        host = self.address.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=TIMEOUT)
        try:
            headers = {"Content-Type": "application/json", "Connection": "close"}
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            answer: dict[str, Any] = json.load(response)
        finally:
            connection.close()
        if response.status != HTTPStatus.OK:
            raise RuntimeError(f"{path}: {answer}")
        return answer

    def chat(self, request: Request) -> Reply:
        """Return the reply to a conversation."""
        body = {
            "messages": list(request.messages),
            "temperature": request.temperature,
            "seed": request.seed,
            "max_tokens": MOST_TOKENS,
        }
        choice = self._post("/v1/chat/completions", body)["choices"][0]
        return Reply(choice["message"]["content"], choice["finish_reason"] == "stop")

    def complete(self, prompt: str, temperature: float = 0.0, seed: int = 0) -> Reply:
        """Return how the model continues a plain text."""
        body = {
            "prompt": prompt,
            "temperature": temperature,
            "seed": seed,
            "max_tokens": MOST_TOKENS,
        }
        choice = self._post("/v1/completions", body)["choices"][0]
        return Reply(choice["text"], choice["finish_reason"] == "stop")

    def all(self, requests: Sequence[Request]) -> list[Reply]:
        """Return the replies to many conversations, asked a few at a time."""
        return self._spread(self.chat, requests)

    @staticmethod
    def _spread(ask: Callable[[Request], Reply], requests: Sequence[Request]) -> list[Reply]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(ask, requests))
