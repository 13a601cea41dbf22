"""A server whose engines are a program: chosen by settings, served like any other."""

from pathlib import Path

import pytest
from openai import BadRequestError, InternalServerError
from openai.types.chat import ChatCompletionMessageParam

from tests.support.fake_llama_server import write_fake_llama_server
from tests.support.server import running_server

HELLO: list[ChatCompletionMessageParam] = [{"role": "user", "content": "hello"}]


def settings(program: Path) -> dict[str, str]:
    return {"BODHI_ENGINE": "binary", "BODHI_LLAMA_SERVER": str(program)}


def test_an_alias_is_answered_by_the_program_under_its_own_name(
    place: tuple[Path, Path], tmp_path: Path
) -> None:
    program = write_fake_llama_server(tmp_path / "llama-server")
    with running_server(*place, env=settings(program)) as server, server.openai() as client:
        whole = client.chat.completions.create(model="cold", messages=HELLO)
        assert whole.model == "cold"
        assert whole.choices[0].message.content == "word " * 8
        chunks = list(
            client.chat.completions.create(
                model="cold",
                messages=HELLO,
                stream=True,
            )
        )
        assert {chunk.model for chunk in chunks} == {"cold"}
        (engine,) = server.children()
        assert str(program) in engine.cmdline()
    assert not engine.is_running()


def test_what_the_program_cannot_do_is_told_with_the_field(
    place: tuple[Path, Path], tmp_path: Path
) -> None:
    program = write_fake_llama_server(tmp_path / "llama-server", is_old=True)
    with running_server(*place, env=settings(program)) as server:
        refused = pytest.raises(BadRequestError, match=r"llama-server \(version 4321\)")
        with server.openai() as client, refused as caught:
            client.chat.completions.create(model="no-device", messages=HELLO)
        assert caught.value.code == "unsupported_by_engine"
        assert server.children() == []


def test_a_program_that_is_not_there_is_an_error_of_the_request_and_not_the_end(
    place: tuple[Path, Path], tmp_path: Path
) -> None:
    program = tmp_path / "llama-server"
    with running_server(*place, env=settings(program)) as server, server.openai() as asking:
        with pytest.raises(InternalServerError, match="no such file") as caught:
            asking.chat.completions.create(model="cold", messages=HELLO)
        assert caught.value.code == "engine_load_failed"
        write_fake_llama_server(program)
        with server.http() as client:
            (failed,) = client.get("/api/v1/engines").json()["engines"]
            client.delete(f"/api/v1/engines/{failed['id']}")
        again = asking.chat.completions.create(model="cold", messages=HELLO)
        assert again.model == "cold"
