"""Cancels what is being done for a caller as soon as the caller leaves."""

import asyncio

from bodhi.http.asgi import ON_LEAVE, Scope


class CallerLeft(Exception):
    """The caller closed the connection; nobody is there to answer to."""


class cancelled_when_caller_leaves:  # noqa: N801 - reads as the statement it is
    """While the block runs, a caller's disconnect cancels it and becomes ``CallerLeft``."""

    def __init__(self, scope: Scope) -> None:
        self._on_leave = scope[ON_LEAVE]
        self._is_left = False
        self._is_over = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - we are inside one
        self._task = task
        self._on_leave(self._leave)

    def _leave(self) -> None:
        if not self._is_over:
            self._is_left = True
            self._task.cancel()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._is_over = True
        if kind is asyncio.CancelledError and self._is_left and self._task.uncancel() == 0:
            raise CallerLeft
