"""The way to a server elsewhere: whom it reaches, what it refuses, and how it tells of an end."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest

from bodhi.engine import connect
from bodhi.engine.contract import EngineSpec, EngineState, Remote, RemoteAddress, UnixAddress
from bodhi.engine.remote import Launchers, RemoteEngine, RemoteLauncher, check_recipe, find_remote
from bodhi.errors import (
    EngineCrashed,
    RemoteKeyRefused,
    RemoteNotFound,
    RemoteUnreachable,
    UnsupportedByEngine,
)
from tests.engine.factories import make_remote_spec, make_spec, make_supervisor
from tests.support.certificates import make_certificate
from tests.support.fake_engine_process import FakeLauncher

pytestmark = pytest.mark.anyio

# Nothing listens there: the port is reserved for tcpmux, which nobody runs.
NOWHERE = Remote("office", "127.0.0.1", 1, False, "/v1", None, 2)


@pytest.fixture
def runtime_dir(tmp_path: Path) -> Path:
    return tmp_path


async def way_to(spec: EngineSpec, runtime_dir: Path, **environment: str) -> RemoteEngine:
    launcher = RemoteLauncher(environment=environment)
    return await launcher.launch(spec, engine_id="abc", runtime_dir=runtime_dir)


@dataclass
class Listener:
    """Takes connections. ``taken`` counts those that got through TLS, where there is any."""

    port: int = 0
    taken: int = 0
    says: bytes = b""
    closed: list["asyncio.Future[None]"] = field(default_factory=list)
    open: list[asyncio.BaseTransport] = field(default_factory=list)

    def remote(self, **changes: object) -> Remote:
        return replace(NOWHERE, port=self.port, **changes)  # type: ignore[arg-type]


class Connection(asyncio.Protocol):
    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.is_closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.listener.taken += 1
        self.listener.closed.append(self.is_closed)
        self.listener.open.append(transport)
        cast(asyncio.Transport, transport).write(self.listener.says)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_closed.set_result(None)


@asynccontextmanager
async def listening(
    tls: ssl.SSLContext | None = None, says: bytes = b""
) -> AsyncIterator[Listener]:
    listener = Listener(says=says)
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(listener), "127.0.0.1", 0, ssl=tls
    )
    listener.port = server.sockets[0].getsockname()[1]
    async with server:
        yield listener
    for transport in listener.open:
        transport.close()
    await asyncio.gather(*listener.closed)


async def test_a_server_that_takes_a_connection_is_ready(runtime_dir: Path) -> None:
    async with listening() as listener:
        way = await way_to(make_remote_spec(listener.remote()), runtime_dir)
        await way.wait_ready()
        assert way.pid is None
        assert way.api_key is None
        await way.stop()


async def test_why_a_server_cannot_be_reached_is_told_without_its_address(
    runtime_dir: Path,
) -> None:
    way = await way_to(make_remote_spec(NOWHERE), runtime_dir)
    with pytest.raises(RemoteUnreachable, match=r"reached: nothing listens there\.$") as caught:
        await way.wait_ready()
    assert caught.value.message.startswith("remote:office cannot be reached")
    assert NOWHERE.host not in caught.value.message
    assert "remotes.office.url" in (caught.value.remedy or "")


async def test_a_name_that_nobody_has_is_told(
    runtime_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    spec = make_remote_spec(replace(NOWHERE, host="no-such-host.invalid"))
    with pytest.raises(RemoteUnreachable, match="its name is not known"):
        await (await way_to(spec, runtime_dir)).wait_ready()


async def test_a_server_that_does_not_finish_tls_is_given_up_in_time(
    runtime_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "CONNECT_S", 0.2)
    async with listening() as listener:
        way = await way_to(make_remote_spec(listener.remote(is_tls=True)), runtime_dir)
        with pytest.raises(RemoteUnreachable, match="did not answer within"):
            await way.wait_ready()


async def test_a_key_is_read_from_the_variable_that_the_settings_name(runtime_dir: Path) -> None:
    spec = make_remote_spec(replace(NOWHERE, key_variable="OFFICE_KEY"))
    way = await way_to(spec, runtime_dir, OFFICE_KEY=" sk-1 \n", OTHER="x")
    assert way.api_key == "sk-1"


@pytest.mark.parametrize("held", [None, "", "  ", "a\r\nhost: b", "schlüssel"])
async def test_a_key_that_is_not_there_or_could_not_be_sent_is_refused_by_its_variable(
    held: str | None, runtime_dir: Path
) -> None:
    spec = make_remote_spec(replace(NOWHERE, key_variable="OFFICE_KEY"))
    environment = {} if held is None else {"OFFICE_KEY": held}
    with pytest.raises(RemoteKeyRefused, match="OFFICE_KEY") as caught:
        await way_to(spec, runtime_dir, **environment)
    if held and held.strip():
        assert held.strip() not in caught.value.message


def test_what_would_have_to_be_set_elsewhere_is_refused_by_name() -> None:
    check_recipe(NOWHERE, {"n_keep": 3, "n_predict": 5, "n_seed": 1}, None)
    for key, value in (("n_ctx", 512), ("n_parallel", 2), ("flash_attn", "on"), ("mlock", False)):
        with pytest.raises(UnsupportedByEngine, match=key) as caught:
            check_recipe(NOWHERE, {key: value}, None)
        assert caught.value.pointer == f"/context_params/{key}"
    with pytest.raises(UnsupportedByEngine) as caught:
        check_recipe(NOWHERE, {}, "llama3")
    assert caught.value.pointer == "/chat_template"


def test_the_launcher_refuses_what_the_recipe_should_not_have_let_through() -> None:
    launcher = RemoteLauncher(environment={})
    launcher.check(make_remote_spec(NOWHERE))
    for key in ("n_ctx", "no_such_option"):
        with pytest.raises(UnsupportedByEngine, match=key):
            launcher.check(make_remote_spec(NOWHERE, **{key: 1}))


def test_a_remote_that_the_settings_do_not_name_is_not_found() -> None:
    assert find_remote("office", {"office": NOWHERE}) is NOWHERE
    with pytest.raises(RemoteNotFound, match="no remote offic"):
        find_remote("offic", {"office": NOWHERE})


async def test_a_remote_takes_no_place_from_engines_and_none_takes_its(runtime_dir: Path) -> None:
    local = FakeLauncher()
    async with listening() as listener:
        launchers = Launchers(local, RemoteLauncher(environment={}))
        supervisor = make_supervisor(launchers, max_engines=1, free_memory=lambda: 0)
        far, here = make_remote_spec(listener.remote()), make_spec("here")
        waiting = asyncio.create_task(supervisor.wait(here, "b"))
        async with supervisor.slot(far, alias="a"):
            await local.launched()
            local.processes[0].become_ready()
            supervisor.release(await waiting)
            states = {info.model: info.state for info in supervisor.engines()}
            assert states == {
                "remote:office": EngineState.READY,
                "here.gguf": EngineState.READY,
            }
        await supervisor.aclose(0)


async def test_no_more_requests_are_sent_at_once_than_the_settings_say() -> None:
    async with listening() as listener:
        supervisor = make_supervisor(RemoteLauncher(environment={}))
        spec = make_remote_spec(listener.remote())
        leases = [await supervisor.wait(spec, "a") for _ in range(2)]
        third = asyncio.create_task(supervisor.wait(spec, "a"))
        await asyncio.sleep(0)
        assert not third.done()
        supervisor.release(leases.pop())
        supervisor.release(await third)
        supervisor.release(leases.pop())
        await supervisor.aclose(0)


async def test_after_a_break_the_next_request_looks_first_and_others_are_told_at_once() -> None:
    supervisor = make_supervisor(RemoteLauncher(environment={}))
    async with listening() as listener:
        spec = make_remote_spec(listener.remote())
        async with supervisor.slot(spec, alias="a") as lease:
            error = await lease.explain_break()
            assert isinstance(error, EngineCrashed)
            assert error.message == "The connection to remote:office broke off."
        async with supervisor.slot(spec, alias="a") as lease:
            assert isinstance(lease.address, RemoteAddress)
            await lease.explain_break()
    assert supervisor.loads(spec.load_key) == 2
    for _ in range(2):
        with pytest.raises(RemoteUnreachable) as caught:
            await supervisor.wait(spec, "a")
        assert caught.value.retry_after_s
    assert supervisor.loads(spec.load_key) == 3
    await supervisor.aclose(0)


async def test_stopping_a_remote_lets_go_of_it_and_of_nothing_else() -> None:
    async with listening() as listener:
        supervisor = make_supervisor(RemoteLauncher(environment={}))
        spec = make_remote_spec(listener.remote())
        async with supervisor.slot(spec, alias="a"):
            pass
        (info,) = supervisor.engines()
        assert (info.pid, info.slots, info.model) == (None, 2, "remote:office")
        assert info.memory_bytes is None
        await supervisor.stop(info.id)
        assert supervisor.engines() == []
        await supervisor.aclose(0)


@pytest.mark.parametrize(
    ("remote", "path", "found"),
    [
        (NOWHERE, "/v1/chat/completions", ("/v1/chat/completions", "127.0.0.1:1")),
        (
            replace(NOWHERE, host="api.x.org", port=80, base_path="/openai/v1"),
            "/v1/embeddings",
            ("/openai/v1/embeddings", "api.x.org"),
        ),
        (
            replace(NOWHERE, host="::1", base_path=""),
            "/v1/completions",
            ("/completions", "[::1]:1"),
        ),
    ],
    ids=["port", "base", "ipv6"],
)
def test_a_request_is_addressed_below_the_base_url(
    remote: Remote, path: str, found: tuple[str, str]
) -> None:
    address = RemoteAddress(remote.host, remote.port, remote.base_path, None)
    assert connect.target(address, path) == found
    assert connect.target(UnixAddress(Path("x")), path) == (path, "engine")


# -- Certificates.


async def test_a_certificate_of_a_known_authority_and_the_right_name_is_taken(
    runtime_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control of the refusals below."""
    certificate = make_certificate(runtime_dir)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    async with listening(certificate.serving()) as listener:
        way = await way_to(make_remote_spec(listener.remote(is_tls=True)), runtime_dir)
        await way.wait_ready()


@pytest.mark.parametrize(
    ("name", "is_known", "why"),
    [
        ("IP:127.0.0.1", False, "self-signed"),
        ("DNS:elsewhere.example", True, "IP address mismatch"),
    ],
    ids=["unknown authority", "another name"],
)
async def test_any_other_certificate_is_refused(
    name: str, is_known: bool, why: str, runtime_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(runtime_dir, name)
    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    async with listening(certificate.serving()) as listener:
        way = await way_to(make_remote_spec(listener.remote(is_tls=True)), runtime_dir)
        with pytest.raises(RemoteUnreachable, match=rf"certificate is not valid \(.*{why}"):
            await way.wait_ready()
        assert listener.taken == 0


async def test_a_server_without_tls_is_not_spoken_to_where_tls_is_wanted(
    runtime_dir: Path,
) -> None:
    async with listening(says=b"HTTP/1.1 400 Bad Request\r\n\r\n") as listener:
        way = await way_to(make_remote_spec(listener.remote(is_tls=True)), runtime_dir)
        with pytest.raises(RemoteUnreachable, match="does not speak TLS"):
            await way.wait_ready()
