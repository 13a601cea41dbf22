"""What ``bodhi doctor`` looks at on the machine: engine library, home, port, memory, disk.

Each check turns whatever it meets into results. Nothing is changed, except that folders which a
home lacks are made, as every command does.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bodhi.cli.output import clean, paint, size
from bodhi.errors import BodhiError, HomeInUse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bodhi.params.values import JsonObject
    from bodhi.settings import Settings

IMPORT_THE_ENGINE = (sys.executable, "-I", "-c", "import xllamacpp")
# The first import after an installation reads some hundred megabytes from the disk.
_IMPORT_TIMEOUT_S = 120
_LITTLE_DISK_BYTES = 1 << 30
_NO_DISK_BYTES = 16 << 20
_SIDECAR_ASIDE = "aliases.json.damaged-"


class Verdict(StrEnum):
    """A warning is worth knowing and keeps nothing from working."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found, and the line that mends it."""

    about: str
    verdict: Verdict
    found: str
    remedy: str | None = None

    def to_json(self) -> JsonObject:
        """The keys of each entry of ``bodhi doctor --json``."""
        return {
            "about": self.about,
            "verdict": self.verdict.value,
            "found": self.found,
            "remedy": self.remedy,
        }

    def text(self) -> str:
        """For a terminal: verdict, subject and finding, the remedy on a line of its own."""
        colour = {Verdict.OK: "32", Verdict.WARNING: "33", Verdict.PROBLEM: "31"}[self.verdict]
        word = paint(self.verdict.value.ljust(7), colour, sys.stdout)
        line = f"{word}  {clean(self.about)}: {clean(self.found)}"
        return line if self.remedy is None else f"{line}\n         {clean(self.remedy)}"


def problem(about: str, error: BodhiError) -> Result:
    """The result that an error is."""
    return Result(about, Verdict.PROBLEM, error.message, error.remedy)


def check_engine(command: tuple[str, ...] = IMPORT_THE_ENGINE) -> Iterator[Result]:
    """Whether the engine library loads, in a process that may die of it."""
    from bodhi.engine.contract import EngineExit
    from bodhi.engine.exits import load_failed
    from bodhi.engine.worker_child import library_missing

    begun = time.monotonic()
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=_IMPORT_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        found = f"It did not load within {_IMPORT_TIMEOUT_S} seconds."
        yield Result("engine", Verdict.PROBLEM, found, "Is the disk or the machine overloaded?")
        return
    last = child.stderr.strip().rpartition("\n")[2]
    if child.returncode == 0:
        took = time.monotonic() - begun
        yield Result("engine", Verdict.OK, f"The library loads, in {took:.1f} s.")
    elif "ImportError" in last or "ModuleNotFoundError" in last:
        yield problem("engine", library_missing(last))
    else:
        yield problem("engine", load_failed("its library", EngineExit(child.returncode, ())))


def check_home(home: Path) -> Iterator[Result]:
    """Whether the home can be read and written, is of our layout, and holds no strange files."""
    from bodhi.aliases.home import prepare_home

    if not home.exists():
        yield Result("home", Verdict.OK, f"{home} is not made yet; the first start does that.")
        return
    try:
        prepare_home(home)
    except BodhiError as error:
        yield problem("home", error)
        return
    folders = (home, home / "aliases", home / "state", home / "trash")
    closed = [str(folder) for folder in folders if not os.access(folder, os.R_OK | os.W_OK)]
    if closed:
        found = f"{', '.join(closed)} cannot be read and written."
        yield Result("home", Verdict.PROBLEM, found, f"Run: chmod -R u+rwX {home}")
    else:
        yield Result("home", Verdict.OK, f"{home} can be read and written.")
    yield from _stray_files(home)


def _stray_files(home: Path) -> Iterator[Result]:
    """Files that do nothing where they lie. Temporary ones go by themselves at the next start."""
    from bodhi.aliases.folder import is_alias_file, shown
    from bodhi.files import is_temporary

    with suppress(OSError):
        for path in sorted((home / "aliases").iterdir()):
            if not is_alias_file(path.name) and not is_temporary(path.name):
                found = f"{shown(path.name)} in the alias folder is no alias file and is ignored."
                remedy = "Alias files end in .yaml; move away what is none."
                yield Result("stray file", Verdict.WARNING, found, remedy)
        for path in sorted((home / "state").glob(f"{_SIDECAR_ASIDE}*")):
            found = f"state/{path.name} was damaged and set aside; versions began anew."
            yield Result("stray file", Verdict.WARNING, found, f"Once looked at: rm {path}")


def check_server(settings: Settings) -> Iterator[Result]:
    """Whether a server has the home, and whether the port is free for one."""
    try:
        holder = _holder_of(settings.home)
    except OSError as error:
        yield Result("lock", Verdict.PROBLEM, f"server.lock cannot be opened: {error.strerror}.")
        return
    lock = holder.message if holder else "No server has this home."
    yield Result("lock", Verdict.OK, lock)
    where = f"{settings.host}:{settings.port}"
    if settings.port == 0:
        yield Result("port", Verdict.OK, "The system picks a free one.")
    elif holder and holder.message.endswith(f" at {where}."):
        yield Result("port", Verdict.OK, f"The server of this home answers on {where}.")
    elif cause := _why_not_bound(settings.host, settings.port):
        owner = _listener_on(settings.port)
        found = f"{where} cannot be listened on: {cause}{owner}."
        remedy = "Stop what has it, or choose another with BODHI_PORT or bodhi serve --port."
        yield Result("port", Verdict.PROBLEM, found, remedy)
    else:
        yield Result("port", Verdict.OK, f"{where} is free.")


def _holder_of(home: Path) -> HomeInUse | None:
    """The refusal that a second server would get, if there is a first one. Raises OSError."""
    from bodhi.aliases.home import HomeLock

    if not (home / "server.lock").exists():
        return None
    try:
        HomeLock(home).acquire().release()
    except HomeInUse as error:
        return error
    return None


def _why_not_bound(host: str, port: int) -> str | None:
    """Why a server could not listen there, in the system's words; None if it could."""
    try:
        kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(kind, socket.SOCK_STREAM)) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        return (error.strerror or "the system gave no reason").lower()
    return None


def _listener_on(port: int) -> str:
    """``, by NAME (process N)``, where the system tells."""
    import psutil

    with suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            is_it = connection.laddr and connection.laddr.port == port
            if is_it and connection.status == psutil.CONN_LISTEN and connection.pid:
                name = psutil.Process(connection.pid).name()
                return f", by {name} (process {connection.pid})"
    return ""


def check_room(settings: Settings, largest_model_bytes: int) -> Iterator[Result]:
    """Whether memory and disk are large enough; ``largest_model_bytes`` is 0 without models."""
    from bodhi.machine import free_memory

    free = free_memory()
    if largest_model_bytes > free:
        found = f"{size(free)} are free; the largest model takes {size(largest_model_bytes)}."
        remedy = "End other programs before asking for it, or use a smaller quantization."
        yield Result("memory", Verdict.WARNING, found, remedy)
    else:
        yield Result("memory", Verdict.OK, f"{size(free)} are free.")
    folder = next(f for f in (settings.home, *settings.home.absolute().parents) if f.exists())
    room = shutil.disk_usage(folder).free
    verdict = Verdict.WARNING if room < _LITTLE_DISK_BYTES else Verdict.OK
    verdict = Verdict.PROBLEM if room < _NO_DISK_BYTES else verdict
    mend = None if verdict is Verdict.OK else "Make room on the disk of the home."
    yield Result("disk", verdict, f"{size(room)} are free for the home.", mend)
