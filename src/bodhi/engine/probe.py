"""Asks a llama-server binary what it is, once for each file, in a child that may hang or crash."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bodhi.engine import exits
from bodhi.engine.help_text import Build, read_build
from bodhi.errors import EngineLoadFailed

# A build for graphics processors starts their drivers first.
PROBE_TIMEOUT_S = 20.0
_LIBRARY = re.compile(r"\blib[\w.+-]+\.so[.\d]*")


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """Changes whenever the file is replaced or written."""

    size: int
    modified_ns: int


class Prober:
    """What is known of the binary at ``program``; asked again when the file has changed."""

    def __init__(
        self,
        program: Path,
        environment: Mapping[str, str],
        *,
        timeout_s: float = PROBE_TIMEOUT_S,
    ) -> None:
        self._program = program
        self._environment = environment
        self._timeout_s = timeout_s
        self._known: tuple[FileIdentity, Build] | None = None
        self._asking = asyncio.Lock()

    def known(self) -> Build | None:
        """What was learnt of the file as it is now, without asking it."""
        if self._known is None or self._known[0] != self._identity():
            return None
        return self._known[1]

    async def build(self) -> Build:
        """What the program says of itself. Raises EngineLoadFailed, with the exact reason."""
        async with self._asking:
            build = self.known()
            if build is None:
                identity = self._identity()
                build = await self._ask()
                self._known = (identity, build) if identity else None
            return build

    def _identity(self) -> FileIdentity | None:
        try:
            facts = self._program.stat()
        except OSError:
            return None
        return FileIdentity(facts.st_size, facts.st_mtime_ns)

    async def _ask(self) -> Build:
        try:
            async with asyncio.timeout(self._timeout_s):
                help_text = await self._output("--help")
                version_text = await self._output("--version")
        except TimeoutError:
            raise _unusable(
                self._program, f"it did not answer --help within {self._timeout_s:g} s"
            ) from None
        build = read_build(help_text, version_text)
        if build is None:
            raise _unusable(self._program, "its --help is not that of llama.cpp's server")
        return build

    async def _output(self, flag: str) -> str:
        """What it prints on both streams."""
        try:
            child = await asyncio.create_subprocess_exec(
                self._program,
                flag,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env=self._environment,
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            why = (error.strerror or "it cannot be started").lower()
            raise _unusable(self._program, why) from error
        try:
            output, _ = await child.communicate()
        finally:
            _kill_group(child)
        text = output.decode("utf-8", "replace")
        if child.returncode != 0:
            raise _unusable(self._program, _why(child.returncode or 0, flag, text))
        return text


def _kill_group(child: asyncio.subprocess.Process) -> None:
    """Whatever it started would keep its pipe open."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            child.kill()
        else:
            os.killpg(child.pid, signal.SIGKILL)


def _why(returncode: int, flag: str, output: str) -> str:
    missing = _LIBRARY.search(output)
    if missing and "shared librar" in output:
        return f"the library {missing[0]} is missing"
    return f"with {flag} it ended at once ({exits.ending(returncode)})"


def _unusable(program: Path, why: str) -> EngineLoadFailed:
    return EngineLoadFailed(
        f"The engine program {program.name} cannot be used: {why}.",
        remedy="Set llama_server to a llama-server that runs on this machine.",
    )
