"""Engines as a person sees them: shared by aliases, freed by those who leave, gone when killed."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import httpx2 as httpx
import openai
import orjson
import psutil
from openai.types.chat import ChatCompletionMessageParam

from tests.acceptance.conftest import FILE, REPO
from tests.support.hub import place_in_hub
from tests.support.server import RunningServer, running_server, wait_until

HELLO: list[ChatCompletionMessageParam] = [{"role": "user", "content": "hello"}]


def body(model: str, **options: object) -> bytes:
    return orjson.dumps({"model": model, "messages": HELLO, **options})


def busy(server: RunningServer) -> int:
    return sum(int(str(engine["busy"])) for engine in server.engines())


@contextlib.contextmanager
def left_open(server: RunningServer, content: bytes) -> Iterator[socket.socket]:
    """A request that was sent and whose answer nobody has read yet."""
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(
            b"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n"
            b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
            % (len(content), content)
        )
        yield connection


def test_two_aliases_on_one_file_share_one_engine_and_keep_their_own_names(
    place: tuple[Path, Path],
) -> None:
    with running_server(*place) as server, server.http() as client:
        for turn in range(50):
            for name in ("cold", "warm"):
                if turn % 2:
                    reply = client.post(
                        "/v1/chat/completions", json={"model": name, "messages": HELLO}
                    )
                    assert reply.json()["model"] == name
                else:
                    reply = client.post(
                        "/v1/chat/completions",
                        json={"model": name, "messages": HELLO, "stream": True},
                    )
                    chunks = [line[6:] for line in reply.text.splitlines() if line[:5] == "data:"]
                    assert {orjson.loads(c)["model"] for c in chunks[:-1]} == {name}
                assert reply.headers["x-bodhi-alias"] == f"{name}@1"
        (engine,) = server.engines()
        assert engine["loads"] == 1
        assert set(engine["aliases"]) == {"cold", "warm"}  # type: ignore[call-overload]
        assert len(server.children()) == 1


def test_a_caller_who_leaves_frees_the_slot_at_once_while_others_stream(
    place: tuple[Path, Path],
) -> None:
    with running_server(*place) as server, contextlib.ExitStack() as streams:
        for _ in range(4):
            held = streams.enter_context(left_open(server, body("wide:a", stream=True)))
            assert held.recv(64).startswith(b"HTTP/1.1 200")
        for stream in (False, True):
            with left_open(server, body("wide:b", stream=stream)):
                assert wait_until(lambda: busy(server) == 5, 10)
                assert wait_until(lambda: working_slots(server) == 5, 10)
            assert wait_until(lambda: working_slots(server) == 4, 5)
            assert wait_until(lambda: busy(server) == 4, 5)
        assert len(server.children()) == 1


def working_slots(server: RunningServer) -> int:
    """Asked of the engine itself, over its own socket, behind the gateway's back."""
    (pid,) = [child.pid for child in server.children()]
    paths = {str(connection.laddr) for connection in psutil.Process(pid).net_connections("unix")}
    transport = httpx.HTTPTransport(uds=max(paths))
    with httpx.Client(transport=transport, base_url="http://engine") as client:
        return sum(bool(slot["is_processing"]) for slot in client.get("/slots").json())


def test_killing_the_server_leaves_no_engine(place: tuple[Path, Path]) -> None:
    with running_server(*place) as server:
        server.openai().completions.create(model="cold", prompt="the")
        engines = server.children()
        assert engines
        server.process.kill()
        assert wait_until(lambda: not any(map(alive, engines)), 1)


def alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def test_killing_an_engine_under_fifty_streams_gives_fifty_clean_errors(
    place: tuple[Path, Path],
) -> None:
    with running_server(*place) as server:
        client = server.openai()
        begun = threading.Barrier(51)
        outcomes: list[str] = []

        def stream() -> None:
            with client.chat.completions.create(
                model="fifty", messages=HELLO, stream=True
            ) as chunks:
                next(iter(chunks))
                begun.wait(60)
                try:
                    for _ in chunks:
                        pass
                    outcomes.append("ended as if nothing had happened")
                except openai.APIError as error:
                    outcomes.append(str(error.code))

        threads = [threading.Thread(target=stream) for _ in range(50)]
        for thread in threads:
            thread.start()
        begun.wait(60)
        (engine,) = server.children()
        os.kill(engine.pid, signal.SIGKILL)
        for thread in threads:
            thread.join(30)
        assert outcomes == ["engine_crashed"] * 50
        again = client.chat.completions.create(model="fifty", messages=HELLO, max_tokens=1)
        assert again.model == "fifty"


def test_the_designs_own_example_resolves_to_the_designs_own_path(
    place: tuple[Path, Path], tmp_path: Path, tiny_model: Path
) -> None:
    repo = "QuantFactory/Meta-Llama-3-8B-Instruct-GGUF"
    hub = tmp_path / "hub"
    filename = "Meta-Llama-3-8B-Instruct.Q8_0.gguf"
    expected = place_in_hub(hub, repo, filename, tiny_model, snapshot="main")
    folder = f"models--{repo.replace('/', '--')}"
    assert expected == hub / folder / "snapshots" / "main" / filename
    request = {
        "model": "QuantFactory/Meta-Llama-3-8B-Instruct-GGUF:Q8_0",
        "stream": True,
        "messages": [{"role": "user", "content": "hello"}],
    }
    with running_server(tmp_path / "home", hub) as server, server.http() as client:
        reply = client.post("/v1/chat/completions", json=request | {"max_tokens": 4})
        assert reply.status_code == 200
        assert reply.headers["x-bodhi-alias"] == request["model"]
        (engine,) = server.engines()
        assert engine["model"] == filename
        shown = subprocess.run(
            [sys.executable, "-m", "bodhi", "aliases", "resolve", str(request["model"])],
            env={**os.environ, "HF_HUB_CACHE": str(hub)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert shown.stdout.splitlines()[-1] == str(expected)


def test_a_hand_edit_is_served_within_a_second_and_a_broken_one_leaves_the_last_good_one(
    place: tuple[Path, Path], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    file = home / "aliases" / "mine.yaml"
    file.parent.mkdir(parents=True)
    text = f"alias: mine\nrepo: {REPO}\nfilename: {FILE}\nrequest_params:\n  max_tokens: 1\n"
    file.write_text(text)
    with running_server(home, place[1]) as server:
        client = server.openai()

        def tokens() -> int:
            reply = client.completions.create(model="mine", prompt="the")
            assert reply.usage is not None
            return reply.usage.completion_tokens

        assert tokens() == 1
        file.write_text(text.replace("max_tokens: 1", "max_tokens: 3"))
        assert wait_until(lambda: tokens() == 3, 1)
        file.write_text(text + "request_params: [\n")
        assert not wait_until(lambda: tokens() != 3, 0.7)
        file.write_text(text.replace("max_tokens: 1", "max_tokens: 2"))
        assert wait_until(lambda: tokens() == 2, 1)


@contextlib.contextmanager
def following(server: RunningServer, alias: str) -> Iterator[subprocess.Popen[str]]:
    """``bodhi engines logs --follow``; it is killed and its pipes closed, however the test ends."""
    command = [sys.executable, "-m", "bodhi", "engines", "logs", alias, "--follow"]
    with subprocess.Popen(
        [*command, "--server", server.address],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as log:
        try:
            yield log
        finally:
            log.kill()


def heard_until(lines: Iterable[str], *wanted: str) -> str:
    """What is said until each of ``wanted`` was, in any order; all that is said if one never is.

    An engine's threads write at once, so nothing says which of two lines comes first.
    """
    heard = ""
    for line in lines:
        heard += line
        if all(word in heard for word in wanted):
            break
    return heard


def test_hearing_ends_with_the_last_word_in_any_order_or_with_the_end() -> None:
    for lines in (["a\n", "b\n"], ["b\n", "a\n"]):
        assert heard_until([*lines, "more\n"], "a", "b") == "".join(lines)
    assert heard_until(["a\n", "more\n"], "a", "b") == "a\nmore\n"


def test_a_log_is_followed_live_from_the_load_to_the_end_and_holds_no_prompt(
    place: tuple[Path, Path],
) -> None:
    secret = "my secret illness"
    with running_server(*place) as server, server.http() as client:
        question = [{"role": "user", "content": secret}]
        client.post("/v1/chat/completions", json={"model": "cold", "messages": question})
        with following(server, "cold") as log:
            assert log.stdout is not None
            heard = heard_until(log.stdout, "model loaded", "eval time")
            assert "model loaded" in heard
            assert "eval time" in heard
            (engine,) = server.children()
            engine.kill()
            rest, said = log.communicate(timeout=20)
        assert (log.returncode, said) == (0, "The engine has ended.\n")
        assert secret not in heard + rest
        assert str(place[1]) not in heard + rest
