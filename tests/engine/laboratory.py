"""An engine of the real library, asked what it makes of parameters as alias files spell them.

What it prints at the highest level of detail tells of its load, ``/props`` of its slots, and with
``verbose`` every answer carries the settings that it was generated with.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

from bodhi.engine import options
from bodhi.engine.child import ChildProcess
from bodhi.engine.embedded import EmbeddedLauncher
from bodhi.engine.runtime_dir import RuntimeDir
from bodhi.params.engine_options import engine_options
from bodhi.params.merge import merge, request_recipe
from bodhi.params.spelling import read_context_params, read_request_params
from bodhi.params.values import Json, JsonObject
from tests.engine.factories import make_spec
from tests.engine.plain_http import ask

TRAINED = 2048  # what the tests' model says
_VERBOSE = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """An engine under observation."""

    process: ChildProcess
    context_params: Mapping[str, Json]

    async def printed(self, pattern: str) -> str:
        """The first thing that it prints of this form; its first group.

        It prints from a thread of its own, perhaps only once it answers already.
        """
        async with asyncio.timeout(20):
            while True:
                text = b"\n".join(self.process.output.lines()).decode()
                if found := re.search(pattern, text):
                    return found[1]
                await asyncio.sleep(0.005)

    async def property(self, name: str) -> Any:
        _, body = await ask(self.process.address, "/props")
        return json.loads(body)[name]

    async def answer(self, request_params: JsonObject, **more: Json) -> Any:
        """The whole answer to what a gateway would send for these parameters of an alias."""
        params = read_request_params(request_params)
        context = 256
        recipe = request_recipe(params, {}, self.context_params, context)
        merged = merge({"max_tokens": 4} if "max_tokens" not in recipe.defaults else {}, recipe)
        messages: Json = [{"role": "user", "content": "hello"}]
        body = {"messages": messages, **merged.params, **more, "verbose": True}
        status, raw = await ask(self.process.address, "/v1/chat/completions", body)
        assert status == 200, raw
        return json.loads(raw)

    async def settings(self, request_params: JsonObject) -> Any:
        """What the engine says that it generated with."""
        return (await self.answer(request_params))["__verbose"]["generation_settings"]

    async def completion(self, prompt: str, **more: Json) -> Any:
        """The answer to a prompt as it is."""
        body = {"prompt": prompt, "n_predict": 1, "temperature": 0, **more}
        status, raw = await ask(self.process.address, "/completion", body)
        assert status == 200, raw
        return json.loads(raw)


@asynccontextmanager
async def subject(
    model: Path, context_params: Json = None, *, template: str | None = None
) -> AsyncIterator[Subject]:
    """An engine started as an alias with these context parameters starts it.

    Raises what keeps it from loading.
    """
    read = read_context_params(context_params)
    made = engine_options({"n_ctx": 256, **read}, trained_context=TRAINED, cores=1)
    spec = replace(make_spec(model_path=model, template=template), options=made.reload)
    folder = RuntimeDir()
    launcher = EmbeddedLauncher()
    launcher.check(spec)
    try:
        with mock.patch.dict(options.FORCED, {"verbosity": _VERBOSE}):
            process = await launcher.launch(spec, engine_id="abc", runtime_dir=folder.path())
        try:
            await process.wait_ready()
            yield Subject(process, read)
        finally:
            await process.stop()
    finally:
        folder.remove()
