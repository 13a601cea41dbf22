"""Calls of the gateway over an engine that a test scripts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from bodhi.aliases.model import Alias, AliasSource
from bodhi.aliases.resolve import Resolution
from bodhi.engine.contract import EngineSpec
from bodhi.gateway.routes import Gateway
from bodhi.gateway.serving import Serving
from bodhi.http.asgi import ON_LEAVE
from bodhi.model_files.model import ModelFile
from bodhi.params.merge import request_recipe
from bodhi.params.values import JsonObject
from tests.support.scripted_engine import ScriptedLauncher


def serving(name: str = 'an "alias"', slots: int = 1, **params: Any) -> Serving:
    path = Path("/models/tiny.gguf")
    model = ModelFile(
        id="a/b:F32", repo="a/b", filename="tiny.gguf", quantization="F32", snapshot=None,
        path=path, real_path=path, identity="1", size_bytes=1, modified_at=0.0,
    )  # fmt: skip
    alias = Alias(name=name, repo="a/b", filename="tiny.gguf")
    spec = EngineSpec(path, "1", 1, {"n_parallel": slots}, None, "key", 1)
    return Serving(
        Resolution(name, AliasSource.USER, alias, model, 1, uid="u1"),
        spec,
        request_recipe(params, {}, {}, 4096),
        orjson.dumps(name)[1:-1],
    )


@dataclass
class Caller:
    """One request, and what came back."""

    launcher: ScriptedLauncher
    gateway: Gateway
    messages: list[dict[str, Any]] = field(default_factory=list)
    leave: Callable[[], object] | None = None
    slow: asyncio.Event | None = None

    async def post(self, path: str = "/v1/chat/completions", **changes: Any) -> None:
        body: JsonObject = {"model": "x", "messages": [{"role": "user", "content": "hi"}]}
        sent = False

        async def receive() -> dict[str, Any]:
            nonlocal sent
            if not sent:
                sent = True
                return {"type": "http.request", "body": orjson.dumps(body | changes)}
            raise AssertionError("the body was whole")

        async def send(message: Any) -> None:
            self.messages.append(message)
            if self.slow is not None:
                await self.slow.wait()

        def on_leave(callback: Callable[[], object]) -> None:
            self.leave = callback

        scope: dict[str, Any] = {"type": "http", "method": "POST", "path": path, "headers": []}
        scope[ON_LEAVE] = on_leave
        await self.gateway(scope, receive, send)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages[1:])

    @property
    def error(self) -> Any:
        """The error object, of a refusal or of the last event."""
        last = self.body.strip().split(b"\n\n")[-1].removeprefix(b"data: ")
        return orjson.loads(last)["error"]
