"""An application that is built when it is first asked for: a quick start does not wait for it."""

import asyncio
from collections.abc import Callable

from bodhi.http.asgi import App, Receive, Scope, Send


class Deferred:
    """Builds in a thread, because importing a web framework would hold the event loop up."""

    def __init__(self, build: Callable[[], App]) -> None:
        self._build = build
        self._building: asyncio.Task[App] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._building is None:
            self._building = asyncio.create_task(asyncio.to_thread(self._build))
        # Shielded: a caller who leaves must not stop the building for those who come after.
        app = await asyncio.shield(self._building)
        await app(scope, receive, send)
