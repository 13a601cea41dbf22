"""The launcher of remotes: nothing is started, an engine here is the way to a server elsewhere.

It is ready when the server takes a connection, by TLS unless its URL says http, and ended when one
breaks off: the next request then looks whether it is there again, and others are told at once
while it is not.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from bodhi.engine.connect import CONNECT_S, connect
from bodhi.engine.contract import (
    EngineExit,
    EngineProcess,
    EngineSpec,
    Launcher,
    LoadSample,
    Remote,
    RemoteAddress,
)
from bodhi.engine.load_key import load_key
from bodhi.engine.output import LogLine
from bodhi.errors import (
    RemoteKeyRefused,
    RemoteNotFound,
    RemoteUnreachable,
    UnsupportedByEngine,
)
from bodhi.params.parameter import Applies
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json


def find_remote(name: str, remotes: Mapping[str, Remote]) -> Remote:
    """The remote of that name. Raises RemoteNotFound."""
    if remote := remotes.get(name):
        return remote
    raise RemoteNotFound(
        f"The settings name no remote {name}.",
        pointer="/model",
        remedy="Add it to remotes in settings.yaml, and start the server again.",
    )


def remote_spec(remote: Remote) -> EngineSpec:
    """What the supervisor is asked for: one engine for each remote, whatever its models."""
    options: dict[str, Json] = {"n_parallel": remote.slots}
    return EngineSpec(
        model_path=Path(remote.label),
        identity=remote.label,
        size_bytes=0,
        options=options,
        template=None,
        load_key=load_key(remote.label, options, None),
        memory_bytes=0,
        remote=remote,
    )


async def reach(remote: Remote) -> None:
    """Connect once. Raises RemoteKeyRefused or RemoteUnreachable."""
    way = await RemoteLauncher().launch(remote_spec(remote), engine_id="", runtime_dir=Path())
    await way.wait_ready()


def check_recipe(
    remote: Remote, context_params: Mapping[str, Json], chat_template: str | None
) -> None:
    """Refuse by name what a server elsewhere has decided already. Raises UnsupportedByEngine."""
    for key, value in context_params.items():
        row = PARAMETERS.get(key)
        if value is not None and (row is None or row.applies is Applies.RELOAD):
            raise _not_ours(remote, key, f"/context_params/{key}")
    if chat_template is not None:
        raise _not_ours(remote, "chat_template", "/chat_template")


class RemoteLauncher:
    """Leads to remotes. ``environment``, in which their keys are, is by default our own."""

    def __init__(self, *, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment

    def check(self, spec: EngineSpec) -> None:
        """Raises UnsupportedByEngine for whatever would have to be told to the server."""
        told = {key: value for key, value in spec.options.items() if key != "n_parallel"}
        check_recipe(_remote_of(spec), told, spec.template)

    async def launch(
        self, spec: EngineSpec, *, engine_id: str, runtime_dir: Path
    ) -> "RemoteEngine":
        """The way to ``spec.remote``, not looked at yet. Raises RemoteKeyRefused without a key."""
        del engine_id, runtime_dir
        self.check(spec)
        remote = _remote_of(spec)
        tls = self._tls if remote.is_tls else None
        address = RemoteAddress(remote.host, remote.port, remote.base_path, tls)
        return RemoteEngine(remote, address, self._key(remote))

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Certificate and name are checked against the system's authorities, or SSL_CERT_FILE."""
        return ssl.create_default_context()

    def _key(self, remote: Remote) -> str | None:
        if remote.key_variable is None:
            return None
        key = self._environment.get(remote.key_variable, "").strip()
        # Anything else could not be sent, or would end the header.
        if not key or not key.isascii() or not key.isprintable():
            raise RemoteKeyRefused(
                f"The key of {remote.label} is to be in {remote.key_variable}, which "
                f"{'holds no key' if key else 'is not set'}.",
                remedy="Set it in the environment of the server, and start that again.",
            )
        return key


class RemoteEngine:
    """One remote as the supervisor holds it; an ``EngineProcess`` without a process."""

    def __init__(self, remote: Remote, address: RemoteAddress, key: str | None) -> None:
        self.address = address
        self.api_key = key
        self.pid = None
        self._remote = remote
        self._ended = asyncio.Event()

    async def wait_ready(self) -> None:
        """Return when a connection could be made. Raises RemoteUnreachable, with the reason."""
        try:
            loop = asyncio.get_running_loop()
            transport = await connect(loop, asyncio.Protocol, self.address)
        except OSError as error:
            raise RemoteUnreachable(
                f"{self._remote.label} cannot be reached: {_why(error)}.",
                remedy=f"Look at remotes.{self._remote.name}.url in the settings, and whether "
                "that server runs.",
            ) from error
        transport.abort()  # at once: nothing was said, and a farewell by TLS would take a while

    async def wait_exit(self) -> EngineExit:
        """Return when a connection broke off, or when it was stopped."""
        await self._ended.wait()
        return EngineExit(None, ())

    async def stop(self) -> None:
        """Use it no more."""
        self._ended.set()

    def connection_broke(self) -> None:
        """It may be gone, so whoever comes next looks first."""
        self._ended.set()

    def sample(self) -> LoadSample | None:
        """Of another machine's work nothing is seen."""
        return None if self._ended.is_set() else LoadSample(0.0, 0, 0)

    def log(self, after: int) -> tuple[LogLine, ...]:
        """What it prints is not ours to read."""
        del after
        return ()


class Launchers:
    """Leads each specification to its launcher: to remotes, or to ``local`` for all the rest."""

    def __init__(self, local: Launcher, remote: RemoteLauncher) -> None:
        self._local = local
        self._remote = remote

    def check(self, spec: EngineSpec) -> None:
        """See ``Launcher``."""
        self._of(spec).check(spec)

    async def launch(self, spec: EngineSpec, *, engine_id: str, runtime_dir: Path) -> EngineProcess:
        """See ``Launcher``."""
        launcher = self._of(spec)
        return await launcher.launch(spec, engine_id=engine_id, runtime_dir=runtime_dir)

    def _of(self, spec: EngineSpec) -> Launcher:
        return self._local if spec.remote is None else self._remote


def _remote_of(spec: EngineSpec) -> Remote:
    assert spec.remote is not None  # noqa: S101 - only such specifications come here
    return spec.remote


def _not_ours(remote: Remote, what: str, pointer: str) -> UnsupportedByEngine:
    return UnsupportedByEngine(
        f"{remote.label} runs elsewhere: {what} is set there and not by an alias.",
        pointer=pointer,
        remedy=f"Remove {what}.",
    )


def _why(error: OSError) -> str:
    """In words, and without the address, which is nobody's business who sends a request."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not valid ({error.verify_message})"
        case ssl.SSLError():
            return "it does not speak TLS as we do"
        case TimeoutError():
            return f"it did not answer within {CONNECT_S:g} s"
        case ConnectionRefusedError():
            return "nothing listens there"
        case socket.gaierror():
            return "its name is not known"
        case _:
            return (error.strerror or "no connection could be made").lower()
