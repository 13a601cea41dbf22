"""Asks the engine how much memory a load would take, without loading.

llama.cpp can lay a model out without allocating it, so as to shrink what is asked for to what is
free. Bodhi never lets it shrink anything, but its layout is the truth about every architecture. A
worker is started with that step on, read until it has printed its table, and ended there, before
it loads anything; that takes a tenth of a second.
"""

import asyncio
import json
import os
import re
import secrets
import signal
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bodhi.engine.contract import EngineSpec
from bodhi.engine.embedded import WORKER
from bodhi.engine.environment import engine_environment
from bodhi.engine.model_path import require_file
from bodhi.engine.options import attributes
from bodhi.errors import EngineLoadFailed, EngineLoadTimeout

_MIB = 1 << 20
# The states of recurrent layers are allocated even so, and a load may begin before the worker is
# ended. Neither may take the machine's memory: beyond this, the worker is refused and ends itself.
_MEMORY_LIMIT_BYTES = 2 << 30
_LINE_LIMIT_BYTES = 1 << 20
_LINES = 4096
_KEPT = 128
# "... memory_breakdown_print: |   - CUDA0 (H200) | 143771 = 142000 + (174 = 121 + 32 + 21) + 10 |":
# total = free + (ours = weights + context + compute) + others'; "- Host" has ours only.
_ROW = re.compile(rb"memory_breakdown_print: \|\s+- ([^|]+?)\s*\|([^|]*)\|")
_NUMBER = re.compile(rb"-?\d+")
_DEVICE_NUMBERS, _HOST_NUMBERS = 7, 4


@dataclass(frozen=True, slots=True)
class Share:
    """What a load takes of one memory, in bytes; llama.cpp says whole MiB, rounded down.

    ``device`` is None for the machine's own memory, and ``free`` is known for devices only.
    """

    device: str | None
    weights: int
    context: int
    compute: int
    free: int | None

    @property
    def total(self) -> int:
        return self.weights + self.context + self.compute


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Devices first, the machine's memory last."""

    shares: tuple[Share, ...]

    @property
    def weights(self) -> int:
        return sum(share.weights for share in self.shares)

    @property
    def context(self) -> int:
        return sum(share.context for share in self.shares)

    @property
    def compute(self) -> int:
        return sum(share.compute for share in self.shares)

    @property
    def total(self) -> int:
        return sum(share.total for share in self.shares)


class DryRuns:
    """Remembers the answers for the last load keys. All methods belong to one event loop.

    One worker runs at a time. ``program`` replaces the worker's command line in tests.
    """

    def __init__(
        self,
        *,
        timeout_s: float = 20.0,
        memory_limit_bytes: int = _MEMORY_LIMIT_BYTES,
        environment: Mapping[str, str] | None = None,
        program: Sequence[str] | None = None,
    ) -> None:
        self._timeout_s = timeout_s
        self._memory_limit_bytes = memory_limit_bytes
        self._environment = engine_environment(os.environ if environment is None else environment)
        self._program = tuple(program or (sys.executable, "-I", str(WORKER)))
        self._known: OrderedDict[str, Foreseen] = OrderedDict()
        self._turn = asyncio.Lock()

    async def foresee(self, spec: EngineSpec) -> Foreseen:
        """What loading ``spec`` would take.

        Raises EngineLoadFailed where the engine does not get as far as its table, which it does
        not for a model that it cannot load; EngineLoadTimeout, ModelFileMissing, and
        ParameterInvalid for settings that the engine would not survive.
        """
        async with self._turn:
            found = self._known.get(spec.load_key)
            if found is None:
                found = await self._ask(spec)
                self._known[spec.load_key] = found
                if len(self._known) > _KEPT:
                    self._known.popitem(last=False)
            self._known.move_to_end(spec.load_key)
            return found

    async def _ask(self, spec: EngineSpec) -> Foreseen:
        require_file(spec.model_path)
        config = _config(spec)
        worker = await self._start()
        try:
            _limit_memory(worker.pid, self._memory_limit_bytes)
            assert worker.stdin is not None  # noqa: S101 - a pipe was asked for
            assert worker.stderr is not None  # noqa: S101
            worker.stdin.write(config)
            async with asyncio.timeout(self._timeout_s):
                rows = await _table(worker.stderr)
        except TimeoutError:
            raise EngineLoadTimeout(
                f"The engine did not say within {self._timeout_s:g} s how much memory "
                f"{spec.model_path.name} needs."
            ) from None
        finally:
            await _end(worker)
        return _foreseen(rows, spec)

    async def _start(self) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                *self._program,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=self._environment,
                start_new_session=True,
                limit=_LINE_LIMIT_BYTES,
            )
        except OSError as error:
            raise EngineLoadFailed(
                f"The engine's process could not be started ({error.strerror})."
            ) from error


def _config(spec: EngineSpec) -> bytes:
    """The line that a worker waits for: see ``worker.py``."""
    settings = {**attributes(spec.options), "fit_params": True, "verbosity": 4}
    config = {
        "parent_pid": os.getpid(),
        "prctl": True,
        "name": secrets.token_hex(4),
        "model": str(spec.model_path.absolute()),
        "template": None,
        "socket": None,
        "api_key": secrets.token_urlsafe(32),
        "settings": settings,
    }
    return json.dumps(config).encode() + b"\n"


def _limit_memory(pid: int, limit_bytes: int) -> None:
    if sys.platform == "linux":
        import resource

        with suppress(ProcessLookupError, PermissionError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (limit_bytes, limit_bytes))


async def _end(worker: asyncio.subprocess.Process) -> None:
    """Kill it with all that it may have started, and read what is left: it is gone only then."""
    if worker.returncode is None:
        with suppress(ProcessLookupError):
            if sys.platform == "win32":  # has no groups
                worker.kill()
            else:
                os.killpg(worker.pid, signal.SIGKILL)
    if worker.stderr is not None:
        while await worker.stderr.read(_LINE_LIMIT_BYTES):
            pass
    await worker.wait()


async def _table(output: asyncio.StreamReader) -> list[tuple[str, tuple[int, ...]]]:
    """The rows of the first table; it ends where another line begins."""
    rows: list[tuple[str, tuple[int, ...]]] = []
    for _ in range(_LINES):
        try:
            line = await output.readline()
        except ValueError:  # a line beyond the limit is none of the table's
            continue
        if not line:
            break
        if row := _ROW.search(line):
            numbers = tuple(int(number) for number in _NUMBER.findall(row[2]))
            rows.append((row[1].decode("utf-8", "replace"), numbers))
        elif rows:
            break
    return rows


def _foreseen(rows: Iterable[tuple[str, tuple[int, ...]]], spec: EngineSpec) -> Foreseen:
    devices: list[Share] = []
    host = Share(None, 0, 0, 0, None)
    seen_host = False
    for name, numbers in rows:
        sizes = [number * _MIB for number in numbers]
        if len(sizes) == _DEVICE_NUMBERS:
            weights, context, compute = sizes[3:6]
            devices.append(Share(name.partition(" (")[0], weights, context, compute, sizes[1]))
        elif len(sizes) == _HOST_NUMBERS:  # "Host", and weights repacked for this processor
            seen_host = True
            host = Share(
                None,
                host.weights + sizes[1],
                host.context + sizes[2],
                host.compute + sizes[3],
                None,
            )
    if not seen_host:
        raise EngineLoadFailed(
            f"The engine did not say how much memory {spec.model_path.name} needs."
        )
    return Foreseen((*devices, host))
