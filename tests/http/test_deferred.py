"""An application that is built late is built once, and off the event loop."""

import asyncio
import threading

import pytest

from bodhi.http.asgi import JSON_TYPE, App, Receive, Scope, Send, send_whole
from bodhi.http.deferred import Deferred

pytestmark = pytest.mark.anyio


async def test_it_is_built_once_in_a_thread_and_survives_a_caller_who_leaves() -> None:
    built: list[str] = []
    may_build = threading.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send_whole(send, 200, [JSON_TYPE], b"{}")

    def build() -> App:
        built.append(threading.current_thread().name)
        may_build.wait(5)
        return app

    async def ask() -> int:
        statuses: list[int] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request"}

        async def send(message: object) -> None:
            assert isinstance(message, dict)
            statuses.append(message.get("status", 0))

        await deferred({"type": "http"}, receive, send)
        return statuses[0]

    deferred = Deferred(build)
    first, second = asyncio.create_task(ask()), asyncio.create_task(ask())
    while not built:
        await asyncio.sleep(0.001)
    first.cancel()
    may_build.set()
    assert await second == 200
    assert await ask() == 200
    assert len(built) == 1
    assert built[0] != threading.main_thread().name
