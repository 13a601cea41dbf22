"""One process that renders chat templates (see worker.py), as its parent sees it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bodhi.errors import BodhiError

WORKER = Path(__file__).with_name("worker.py")

# Much more than a prompt may have; what is beyond it was not written by our program.
_REPLY_BYTES = 8 << 20
_START_S = 30.0
# Nothing else of the server's environment, keys least of all.
_PASSED_ON = ("TZ", "LANG", "LC_ALL", "LC_TIME", "SYSTEMROOT")


class WorkerGone(Exception):
    """The process ended, or wrote what is no reply."""


class WorkerProcess:
    """Started by ``start``, in the thread that lives as long as the server.

    The kernel ties a child to the *thread* that started it: from a thread that ends, the process
    would end with it. ``is_usable`` is false while it answers, and stays so if it never did.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.is_usable = True

    @classmethod
    async def start(cls, program: Sequence[str] | None = None) -> "WorkerProcess":
        """A process that is ready. ``program`` replaces its command line in tests.

        Raises BodhiError where none can be started.
        """
        command = program or (sys.executable, "-I", str(WORKER))
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                str(os.getpid()),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                cwd=os.sep,
                start_new_session=True,
            )
        except OSError as error:
            raise _not_started() from error
        worker = cls(process)
        try:
            async with asyncio.timeout(_START_S):
                await worker._read()
        except (WorkerGone, TimeoutError) as error:
            await worker.kill()
            raise _not_started() from error
        except asyncio.CancelledError:
            await worker.kill()
            raise
        return worker

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it is known to have ended; its pipe may say so before its exit is noticed."""
        stdout = self._process.stdout
        return self._process.returncode is not None or (stdout is not None and stdout.at_eof())

    async def ask(self, job: bytes) -> bytes:
        """The reply to ``job``. Raises WorkerGone."""
        self.is_usable = False
        stdin = self._process.stdin
        assert stdin is not None  # noqa: S101 - a pipe was asked for
        try:
            stdin.write(len(job).to_bytes(4, "big") + job)
            await stdin.drain()
        except (ConnectionError, RuntimeError) as error:  # RuntimeError: uvloop, a closed pipe
            raise WorkerGone from error
        reply = await self._read()
        self.is_usable = True
        return reply

    async def kill(self) -> None:
        """End it now, and wait until it has ended."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def _read(self) -> bytes:
        stdout = self._process.stdout
        assert stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            length = int.from_bytes(await stdout.readexactly(4), "big")
            if not 0 < length <= _REPLY_BYTES:
                raise WorkerGone
            return await stdout.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WorkerGone from error


def _not_started() -> BodhiError:
    return BodhiError("The process that renders chat templates could not be started.")
