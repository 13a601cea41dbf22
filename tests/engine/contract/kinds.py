"""Every kind of engine that there is, each able to make its launcher; and some that misbehave."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bodhi.engine.binary import BinaryLauncher
from bodhi.engine.contract import Launcher
from bodhi.engine.embedded import EmbeddedLauncher
from tests.engine.contract.elsewhere import Elsewhere
from tests.support.fake_llama_server import write_fake_llama_server

_DOUBLE = Path(__file__).parents[1] / "doubles" / "child.py"
# A real llama-server: see tools/build_llama_server.py.
_VARIABLE = "BODHI_TEST_LLAMA_SERVER"
REAL = Path(os.environ[_VARIABLE]) if _VARIABLE in os.environ else None


@dataclass(frozen=True)
class Kind:
    """``make`` takes a folder for what it needs, and the server's environment."""

    name: str
    is_unix: bool
    make: Callable[[Path, Mapping[str, str] | None], Launcher]

    def launcher(self, folder: Path, environment: Mapping[str, str] | None = None) -> Launcher:
        return self.make(folder, environment)

    @property
    def variables(self) -> dict[str, str]:
        """What another process needs in its environment to know this kind."""
        return {_VARIABLE: str(REAL)} if REAL else {}

    def __str__(self) -> str:
        return self.name


def _embedded(is_unix: bool) -> Kind:
    def make(folder: Path, environment: Mapping[str, str] | None) -> Launcher:
        return EmbeddedLauncher(transport="unix" if is_unix else "tcp", environment=environment)

    return Kind(f"embedded-{'unix' if is_unix else 'tcp'}", is_unix, make)


def _program(is_unix: bool) -> Kind:
    def make(folder: Path, environment: Mapping[str, str] | None) -> Launcher:
        program = write_fake_llama_server(folder / "llama-server")
        return BinaryLauncher(program, use_unix_sockets=is_unix, environment=environment)

    return Kind(f"program-{'unix' if is_unix else 'tcp'}", is_unix, make)


def _real(is_unix: bool, program: Path) -> Kind:
    def make(folder: Path, environment: Mapping[str, str] | None) -> Launcher:
        return BinaryLauncher(program, use_unix_sockets=is_unix, environment=environment)

    return Kind(f"llama-server-{'unix' if is_unix else 'tcp'}", is_unix, make)


KINDS = [make(is_unix) for make in (_embedded, _program) for is_unix in (True, False)]
if REAL:
    KINDS += [_real(is_unix, REAL) for is_unix in (True, False)]
EVERY_KIND = [*KINDS, Kind("remote", False, lambda _folder, _environment: Elsewhere())]
BY_NAME = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True)
class Program:
    """A llama-server, for tests of the program itself. ``place`` makes it in a folder."""

    name: str
    place: Callable[[Path], Path]

    def __str__(self) -> str:
        return self.name


def _found(program: Path) -> Program:
    return Program("llama-server", lambda _: program)


PROGRAMS = [Program("program", lambda folder: write_fake_llama_server(folder / "llama-server"))]
if REAL:
    PROGRAMS.append(_found(REAL))


@dataclass(frozen=True)
class Misbehaving:
    """``make`` takes a folder and what it shall do wrong; its processes are ended after 0.2 s."""

    name: str
    make: Callable[[Path, str], Launcher]

    def launcher(self, folder: Path, fault: str) -> Launcher:
        return self.make(folder, fault)

    def __str__(self) -> str:
        return self.name


_FAULTS: dict[str, tuple[str, dict[str, object]]] = {
    "floods": ("floods", {"flood_mib": 64}),
    "ignores the request to end": ("ignores-term", {"ignores_term": True}),
    "leaves a grandchild": ("leaves-a-grandchild", {"has_grandchild": True}),
    "exits": ("exits 7", {"exit_code": 7}),
}


def _bad_embedded(folder: Path, fault: str) -> Launcher:
    mode = _FAULTS[fault][0].split()
    program = (sys.executable, "-I", str(_DOUBLE), *mode)
    return EmbeddedLauncher(transport="tcp", program=program, stop_grace_s=0.2)


def _bad_program(folder: Path, fault: str) -> Launcher:
    program = write_fake_llama_server(folder / "llama-server", **_FAULTS[fault][1])
    return BinaryLauncher(program, stop_grace_s=0.2)


MISBEHAVING = [Misbehaving("embedded", _bad_embedded), Misbehaving("program", _bad_program)]
