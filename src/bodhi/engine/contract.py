"""What an engine is to the rest of Bodhi: its specification, its states, a slot on it.

An *engine* is one llama.cpp process that holds one model file under one set of reload-class
parameters, or a *remote*: a server elsewhere that answers in its place. Everything that would make
a second process necessary is in :class:`EngineSpec`; ``load_key`` is its hash. Aliases with equal
load keys share one engine.

The states, and what asking for a slot does in each:

    state     | meaning                                   | a request that wants a slot
    ----------|-------------------------------------------|------------------------------------
    starting  | process is up, model is being read        | waits for the same load
    ready     | answers                                   | takes a free slot, or waits in turn
    stopping  | no new work; running requests may finish  | starts a fresh engine afterwards
    stopped   | process is gone and reaped                | starts a fresh engine
    failed    | did not load; ``failure`` says why        | tries again after the back-off

and how they follow one another:

    starting -> ready | failed | stopping     ready -> stopping | stopped (it crashed)
    stopping -> stopped

Only the supervisor changes a state. A state that was read may inform a person; it never decides
anything, because it may be old by the time it is used.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeAlias

from bodhi.engine.output import LogLine
from bodhi.params.values import Json

REMOTE_PREFIX = "remote:"


class EngineState(StrEnum):
    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Remote:
    """A server elsewhere that speaks OpenAI's protocol, as the settings name it.

    ``base_path`` is what stands before ``/chat/completions`` there, without a slash at its end.
    The key itself is only ever in the environment, under ``key_variable`` (None: it wants none).
    """

    name: str
    host: str
    port: int
    is_tls: bool
    base_path: str
    key_variable: str | None
    slots: int  # requests that are sent to it at once

    @property
    def label(self) -> str:
        """What people call it: the ``repo`` of aliases that it answers."""
        return f"{REMOTE_PREFIX}{self.name}"


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """Everything that decides what an engine process is.

    ``options`` are reload-class parameters under their registry keys (``n_ctx``, ``n_parallel``,
    ``cache_type_k`` ...), normalised: Bodhi defaults filled in, an explicit engine default left
    out, threads resolved. ``template`` is the chat template's text, or None for the one embedded
    in the model file. ``load_key`` is computed by ``engine.load_key.load_key``.

    ``files`` are the parts of the model with the ``file_identity`` that each had when its header
    was read: a load is for these bytes and no others.

    With a ``remote`` there is no file: ``model_path`` is its label, ``options`` hold no more than
    ``n_parallel``, and neither memory nor one of the places for engines is taken.
    """

    model_path: Path
    identity: str
    size_bytes: int
    options: Mapping[str, Json]
    template: str | None
    load_key: str
    memory_bytes: int  # estimate of what loading will take: file, cache and compute buffers
    remote: Remote | None = None
    files: tuple[tuple[Path, str], ...] = ()

    @property
    def slots(self) -> int:
        """How many requests this engine answers at once."""
        value = self.options["n_parallel"]
        assert isinstance(value, int)  # noqa: S101 - the registry checked it
        return value


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """A photograph of one engine for people and programs; decides nothing."""

    id: str  # random; also the name the engine knows itself by
    load_key: str
    state: EngineState
    model: str  # file name, never a path; the label of a remote
    options: Mapping[str, Json]
    slots: int
    busy: int
    waiting: int
    pid: int | None
    started_at: float | None  # seconds since the epoch
    load_seconds: float | None
    memory_bytes: int | None  # resident set of the process
    aliases: tuple[str, ...]  # who has asked for it
    loads: int  # how often a process was started for this load key
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class UnixAddress:
    """A socket in a folder that only this user may enter."""

    path: Path


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """A loopback port; whoever connects must also know the engine's random API key."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class RemoteAddress:
    """A server elsewhere. ``tls`` is what its certificate is checked by; None for plain HTTP."""

    host: str
    port: int
    base_path: str
    tls: ssl.SSLContext | None


Address: TypeAlias = UnixAddress | TcpAddress | RemoteAddress


@dataclass(frozen=True, slots=True)
class LoadSample:
    """How far a load has come. Any number that grew since the last sample is progress."""

    cpu_s: float  # user and system time the process has used
    resident_bytes: int
    output_bytes: int  # everything it has printed


@dataclass(frozen=True, slots=True)
class EngineExit:
    """How a process ended: ``returncode`` is negative for a signal, as in ``subprocess``.

    It is None for a remote, which has no process here.
    """

    returncode: int | None
    lines: tuple[str, ...]  # what it said, as far as a client may read it


class EngineProcess(Protocol):
    """One running child, or the way to a remote. All methods belong to one event loop."""

    @property
    def pid(self) -> int | None:
        """None for a remote."""

    @property
    def address(self) -> Address:
        """Where it answers; known once ``wait_ready`` has returned."""

    @property
    def api_key(self) -> str | None:
        """What a request must carry as a bearer token, or None where the socket protects."""

    async def wait_ready(self) -> None:
        """Return once requests are answered. Raises EngineLoadFailed as soon as it cannot be."""

    async def wait_exit(self) -> EngineExit:
        """Return once the process is gone and reaped. May be awaited by many."""

    async def stop(self) -> None:
        """End the process now, by force after a grace period; return once it is reaped."""

    def connection_broke(self) -> None:
        """Told of an answer that broke off. Of a remote's end there is no other sign."""

    def sample(self) -> LoadSample | None:
        """The process as it is now, None once it is gone."""

    def log(self, after: int) -> tuple[LogLine, ...]:
        """What it printed behind line ``after``, with nothing that could be a prompt or a path."""


class Launcher(Protocol):
    """Starts engines of one kind (the embedded library, a binary, remotes)."""

    def check(self, spec: EngineSpec) -> None:
        """Refuse, before anything is stopped or started, what this engine cannot do.

        Raises UnsupportedByEngine or ParameterInvalid, each naming the parameter.
        """

    async def launch(self, spec: EngineSpec, *, engine_id: str, runtime_dir: Path) -> EngineProcess:
        """Start a process and return at once; loading goes on. Raises EngineLoadFailed."""
