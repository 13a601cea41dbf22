"""A server whose alias is answered elsewhere, by OpenAI's own client."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import httpx2 as httpx
import pytest
from openai import APIError, APIStatusError, OpenAI
from openai.types.chat import ChatCompletionMessageParam

from tests.support.certificates import make_certificate
from tests.support.fake_remote import KEY, FakeRemote, fake_remote
from tests.support.server import RunningServer, running_server, wait_until

HELLO: list[ChatCompletionMessageParam] = [{"role": "user", "content": "hello"}]
SCRIPTS = {
    "far": "words",
    "crlf": "crlf",
    "counts": "counts",
    "refuses-401": "refuses 401",
    "refuses-400": "refuses 400",
    "refuses-429": "refuses 429",
    "refuses-500": "refuses 500",
    "once": "breaks once",
    "always": "breaks always",
    "midway": "midway",
    "fails": "fails",
    "endless": "endless",
}
FAR = "repo: remote:office\nfilename: words\n"
PARAMETERS = "request_params:\n  temperature: 0.25\n  seed: 7\nrequest_policy:\n  seed: enforce\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    for name, model in SCRIPTS.items():
        write_alias(home, name, f"repo: remote:office\nfilename: {model}\n{PARAMETERS}")
    write_alias(home, "lost", "repo: remote:nobody\nfilename: x\n")
    write_alias(
        home, "sized", "repo: remote:office\nfilename: words\ncontext_params: {n_ctx: 99}\n"
    )
    return home


def write_alias(home: Path, name: str, text: str) -> None:
    (home / "aliases").mkdir(exist_ok=True)
    (home / "aliases" / f"{name}.yaml").write_text(f"alias: {name}\n{text}", encoding="utf-8")


@pytest.fixture(scope="module")
def office() -> Iterator[FakeRemote]:
    with fake_remote() as remote:
        yield remote


@pytest.fixture(scope="module")
def server(home: Path, office: FakeRemote) -> Iterator[RunningServer]:
    with running_server(home, home / "hub", env=office.environment) as running:
        yield running


@pytest.fixture
def remote(office: FakeRemote) -> FakeRemote:
    """As if nobody had asked it anything yet."""
    office.forget()
    return office


@pytest.fixture
def client(server: RunningServer) -> OpenAI:
    return server.openai()


def ask(client: OpenAI, model: str) -> str:
    answer = client.chat.completions.create(model=model, messages=HELLO)
    assert answer.model == model
    return answer.choices[0].message.content or ""


@pytest.mark.parametrize("model", ["far", "crlf"])
def test_an_alias_is_answered_elsewhere_under_its_own_name(
    model: str, client: OpenAI, remote: FakeRemote, server: RunningServer
) -> None:
    assert ask(client, model) == "word0 word1 word2 "
    chunks = list(client.chat.completions.create(model=model, messages=HELLO, stream=True))
    assert {chunk.model for chunk in chunks} == {model}
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "word0 word1 word2 "
    assert server.children() == []


def test_the_remote_gets_the_recipe_its_own_name_for_the_model_and_the_key(
    client: OpenAI, remote: FakeRemote
) -> None:
    client.chat.completions.create(model="far", messages=HELLO, temperature=0.5, seed=1)
    (body,), (headers,) = remote.requests, remote.headers
    assert body["model"] == "words"
    assert (body["temperature"], body["seed"]) == (0.5, 7)
    assert body["messages"] == HELLO
    assert "max_tokens" not in body  # whose context is not known here
    assert headers["path"] == "/openai/v1/chat/completions"
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["host"] in remote.url
    assert headers.keys() <= {
        *("path", "authorization", "host", "content-type", "content-length", "connection")
    }


def recorded_tokens(home: Path, request_id: str) -> tuple[int | None, int | None]:
    """Those of the prompt and those generated, as the record of a request has them."""
    path = home / "state" / "usage.sqlite3"
    found: list[tuple[int | None, int | None]] = []

    def is_there() -> bool:
        if path.exists():
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
                query = "SELECT prompt_tokens, completion_tokens FROM requests WHERE request_id = ?"
                with suppress(sqlite3.OperationalError):  # the tables are being made
                    found[:] = connection.execute(query, (request_id,)).fetchall()
        return bool(found)

    assert wait_until(is_there, 20, 0.05)
    return found[0]


@pytest.mark.parametrize(("model", "tokens"), [("counts", (11, 3)), ("far", (None, None))])
def test_tokens_that_a_remote_counts_are_recorded_and_told_to_who_asked_alone(
    client: OpenAI, home: Path, model: str, tokens: tuple[int | None, int | None]
) -> None:
    asked = client.chat.completions.with_raw_response.create(
        model=model, messages=HELLO, stream=True
    )
    chunks = list(asked.parse())
    assert len(chunks) == 3
    assert all(chunk.choices and chunk.usage is None for chunk in chunks)
    assert recorded_tokens(home, asked.headers["x-request-id"]) == tokens
    told = client.chat.completions.create(
        model=model, messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    usage = [chunk.usage.total_tokens for chunk in told if chunk.usage]
    assert usage == ([14] if model == "counts" else [])


def test_embeddings_and_models_are_of_the_alias_too(client: OpenAI, remote: FakeRemote) -> None:
    answer = client.embeddings.create(model="far", input="x", encoding_format="float")
    assert answer.model == "far"
    assert remote.requests[-1]["model"] == "words"
    names = {model.id for model in client.models.list()}
    assert {"far", "crlf"} <= names
    assert "lost" not in names


@pytest.mark.parametrize(
    ("model", "status", "code", "says"),
    [
        ("refuses-401", 502, "remote_key_refused", "OFFICE_KEY"),
        ("refuses-400", 400, "engine_rejected", r"\(400\): no, because of Bearer \[key\]"),
        ("refuses-429", 429, "queue_full", "takes no more requests now"),
        ("refuses-500", 502, "engine_failure", r"failed on the request \(500\)"),
        ("always", 502, "engine_crashed", "connection to remote:office broke off"),
        ("lost", 404, "remote_not_found", "no remote nobody"),
        ("sized", 400, "unsupported_by_engine", "n_ctx is set there"),
    ],
)
def test_what_goes_wrong_elsewhere_is_told_without_the_key(
    model: str, status: int, code: str, says: str, client: OpenAI, server: RunningServer
) -> None:
    with pytest.raises(APIStatusError, match=says) as caught:
        ask(client, model)
    assert (caught.value.status_code, caught.value.code) == (status, code)
    told = caught.value.response.text + str(caught.value.response.headers)
    assert KEY not in told + "".join(server.lines)
    assert "canary-header" not in told


def test_a_connection_that_broke_before_the_first_byte_is_tried_once_more(
    client: OpenAI, remote: FakeRemote
) -> None:
    assert ask(client, "once") == "word0 word1 word2 "
    assert len(remote.requests) == 2


def test_nothing_is_tried_again_after_the_first_byte(client: OpenAI, remote: FakeRemote) -> None:
    answer = client.chat.completions.create(model="midway", messages=HELLO, stream=True)
    words = [next(answer).choices[0].delta.content for _ in range(2)]
    with pytest.raises(APIError, match="broke off"):
        next(answer)
    assert words == ["word0 ", "word1 "]
    assert len(remote.requests) == 1


def test_a_failure_in_the_middle_of_an_answer_is_its_last_event(client: OpenAI) -> None:
    with pytest.raises(APIError, match="out of luck"):
        list(client.chat.completions.create(model="fails", messages=HELLO, stream=True))


def test_a_caller_who_leaves_frees_the_connection(
    server: RunningServer, remote: FakeRemote
) -> None:
    body = {"model": "endless", "messages": HELLO, "stream": True}
    with server.http() as client:
        with client.stream("POST", "/v1/chat/completions", json=body) as answer:
            next(answer.iter_bytes())
        assert remote.left.wait(10)
    assert wait_until(lambda: all(not engine["busy"] for engine in server.engines()), 5)


def test_a_caller_who_waits_for_the_whole_and_leaves_frees_it_too(
    server: RunningServer, remote: FakeRemote
) -> None:
    body = {"model": "endless", "messages": HELLO}
    with server.http() as client, pytest.raises(httpx.ReadTimeout):
        client.post("/v1/chat/completions", json=body, timeout=0.5)
    assert remote.left.wait(10)
    assert wait_until(lambda: all(not engine["busy"] for engine in server.engines()), 5)


def test_a_remote_that_is_not_there_is_told_at_once_and_without_its_address(
    tmp_path: Path,
) -> None:
    env = {"BODHI_REMOTES": '{"office": {"url": "http://127.0.0.1:1/v1"}}'}
    write_alias(tmp_path, "far", FAR)
    with running_server(tmp_path, tmp_path / "hub", env=env) as server:
        for _ in range(2):
            with pytest.raises(APIStatusError, match="nothing listens there") as caught:
                ask(server.openai(), "far")
            assert caught.value.code == "remote_unreachable"
            assert caught.value.response.headers["retry-after"]
            assert "127.0.0.1:1" not in caught.value.response.text


def test_a_key_that_is_not_set_is_named(tmp_path: Path) -> None:
    env = {"BODHI_REMOTES": '{"office": {"url": "http://127.0.0.1:1", "api_key_env": "NO_KEY"}}'}
    assert "NO_KEY" not in os.environ
    write_alias(tmp_path, "far", FAR)
    with running_server(tmp_path, tmp_path / "hub", env=env) as server:
        with pytest.raises(APIStatusError, match="NO_KEY, which is not set") as caught:
            ask(server.openai(), "far")
        assert caught.value.code == "remote_key_refused"


def test_a_remote_behind_tls_is_answered_whole_and_streamed(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    write_alias(tmp_path, "far", FAR)
    write_alias(tmp_path, "endless", FAR.replace("words", "endless"))
    with fake_remote(certificate) as remote:
        env = {**remote.environment, "SSL_CERT_FILE": str(certificate.file)}
        with running_server(tmp_path, tmp_path / "hub", env=env) as server:
            client = server.openai()
            assert ask(client, "far") == "word0 word1 word2 "
            assert (
                len(list(client.chat.completions.create(model="far", messages=HELLO, stream=True)))
                == 3
            )
            with client.chat.completions.create(
                model="endless", messages=HELLO, stream=True
            ) as answer:
                next(answer)
            assert remote.left.wait(10)
        assert {body["model"] for body in remote.requests} == {"words", "endless"}


def test_a_remote_with_a_certificate_of_nobody_is_not_sent_a_byte(tmp_path: Path) -> None:
    write_alias(tmp_path, "far", FAR)
    with fake_remote(make_certificate(tmp_path)) as remote:
        with running_server(tmp_path, tmp_path / "hub", env=remote.environment) as server:
            with pytest.raises(APIStatusError, match="certificate is not valid") as caught:
                ask(server.openai(), "far")
            assert caught.value.code == "remote_unreachable"
        assert remote.requests == []
