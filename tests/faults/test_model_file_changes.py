"""A model file is cut, deleted or replaced under an engine: who asks next is told plainly."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bodhi.engine import embedded, fleet
from bodhi.engine.contract import EngineSpec
from bodhi.engine.embedded import EmbeddedLauncher
from bodhi.engine.supervisor import Supervisor
from bodhi.errors import BodhiError
from bodhi.files import file_identity
from bodhi.model_files.index import Catalogue, ModelIndex
from tests.engine.factories import make_spec, make_supervisor
from tests.engine.plain_http import ask, chat
from tests.support.fake_engine_process import FakeLauncher
from tests.support.hub import place_in_hub
from tests.support.server import running_server
from tests.support.tiny_gguf import write_tiny_gguf

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Told:
    """What became of a request in the engine that was up, of the next load, and of the list."""

    while_loaded: str
    at_next_load: str
    listed: str | None


def _replace(path: Path, content: bytes) -> None:
    other = path.with_name("other")
    other.write_bytes(content)
    other.replace(path)


CHANGES: dict[str, tuple[Callable[[Path], object], Told]] = {
    "deleted": (
        lambda path: path.unlink(),
        Told("answered", "model_file_missing: m.Q8_0.gguf is not on disk", "is not there"),
    ),
    "replaced by garbage": (
        lambda path: _replace(path, b"garbage" * 1000),
        Told("answered", "engine_load_failed: invalid magic characters", "is not a GGUF file"),
    ),
    "replaced by a download cut short": (
        lambda path: _replace(path, path.read_bytes()[:-5000]),
        Told("answered", "engine_load_failed: not within the file bounds", "is cut short"),
    ),
    "replaced by itself": (
        lambda path: _replace(path, path.read_bytes()),
        Told("answered", "answered", None),
    ),
    # The engine has the file mapped: the system ends it, and the gateway says so.
    "cut where it lies": (
        lambda path: os.truncate(path, 1000),
        Told(
            "engine_crashed",
            "engine_load_failed: exceeds remaining file size",
            "The file ends within",
        ),
    ),
}


async def _asked(supervisor: Supervisor, path: Path) -> str:
    try:
        async with supervisor.slot(make_spec(model_path=path), alias="a") as lease:
            try:
                status, _ = await ask(lease.address, "/v1/chat/completions", chat())
            except (ConnectionError, EOFError, ValueError, IndexError):
                raise await lease.explain_break() from None
            return "answered" if status == 200 else f"status {status}"
    except BodhiError as error:
        return f"{error.code}: {error.message}"


async def what_is_told(hub: Path, model: Path, change: Callable[[Path], object]) -> Told:
    """The story of one change, with a real engine."""
    placed = place_in_hub(hub, "o/r", "m.Q8_0.gguf", model, link_blob=False)
    index = ModelIndex(hub)
    assert index.scan().rows[0].problem is None
    supervisor = make_supervisor(EmbeddedLauncher())
    try:
        assert await _asked(supervisor, placed) == "answered"
        change(placed)
        while_loaded = await _asked(supervisor, placed)
        for engine in supervisor.engines():
            await supervisor.stop(engine.id)
        at_next_load = await _asked(supervisor, placed)
    finally:
        await supervisor.aclose(0)
    rows = index.scan().rows
    return Told(while_loaded, at_next_load, rows[0].problem if rows else "is not there")


def contradictions(seen: Told, promised: Told) -> list[str]:
    """Where what is told is not what was promised; texts need only hold the promised words."""
    pairs = [
        (seen.while_loaded, promised.while_loaded),
        (seen.at_next_load, promised.at_next_load),
        (seen.listed or "listed", promised.listed or "listed"),
    ]
    return [
        f"{said!r} instead of {wanted!r}"
        for said, wanted in pairs
        if not all(words in said for words in wanted.split(": "))
    ]


@pytest.mark.fault("F41")
@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_of_the_file_is_told_plainly_at_the_next_load(
    tmp_path: Path, tiny_model: Path, name: str
) -> None:
    change, promised = CHANGES[name]
    assert contradictions(await what_is_told(tmp_path, tiny_model, change), promised) == []


@pytest.mark.planted("F41")
async def test_an_engine_that_has_to_find_out_by_itself_would_be_found(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "require_file", lambda path: None)
    change, promised = CHANGES["deleted"]
    (wrong,) = contradictions(await what_is_told(tmp_path, tiny_model, change), promised)
    assert "engine_load_failed" in wrong


@pytest.mark.planted("F41")
async def test_a_list_that_does_not_look_again_would_be_found(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan, kept = ModelIndex.scan, list[Catalogue]()

    def once(index: ModelIndex) -> Catalogue:
        kept.extend([] if kept else [scan(index)])
        return kept[0]

    monkeypatch.setattr(ModelIndex, "scan", once)
    change, promised = CHANGES["replaced by garbage"]
    (wrong,) = contradictions(await what_is_told(tmp_path, tiny_model, change), promised)
    assert "'listed'" in wrong


def _spec_of(path: Path) -> EngineSpec:
    return replace(make_spec(model_path=path), files=((path, file_identity(path.stat())),))


async def _load(launcher: FakeLauncher, spec: EngineSpec, swap: Callable[[], object]) -> str:
    """``swap`` happens when the load is half over."""
    supervisor = make_supervisor(launcher)
    asyncio.get_running_loop().call_later(0.05, swap)
    try:
        async with supervisor.slot(spec, alias="a"):
            return "answered"
    except BodhiError as error:
        return f"{error.code}: {error.message}"
    finally:
        await supervisor.aclose(0)


_CHANGED = "model_file_changed: The model file m.gguf was replaced since it was looked at."


@pytest.mark.fault("F41")
async def test_a_file_that_is_not_the_one_looked_at_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"one")
    spec, launcher = _spec_of(path), FakeLauncher()
    _replace(path, b"two")
    assert await _load(launcher, spec, lambda: None) == _CHANGED
    assert launcher.processes == []
    path.unlink()
    assert (await _load(launcher, spec, lambda: None)).startswith("model_file_missing")


@pytest.mark.fault("F41")
async def test_a_file_swapped_during_the_load_answers_nobody(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"one")
    launcher = FakeLauncher(load_s=0.1)
    assert await _load(launcher, _spec_of(path), lambda: None) == "answered"
    assert await _load(launcher, _spec_of(path), lambda: _replace(path, b"two")) == _CHANGED
    assert launcher.alive == []


@pytest.mark.planted("F41")
async def test_an_engine_that_trusts_the_first_look_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet, "require_unchanged", lambda spec: None)
    path = tmp_path / "m.gguf"
    path.write_bytes(b"one")
    launcher = FakeLauncher(load_s=0.1)
    assert await _load(launcher, _spec_of(path), lambda: _replace(path, b"two")) == "answered"


@pytest.mark.fault("F41")
def test_a_server_looks_again_at_a_file_that_was_replaced_and_serves_what_is_there(
    tmp_path: Path, tiny_model: Path
) -> None:
    other = tmp_path / "other.gguf"
    write_tiny_gguf(other, ctx=512)
    placed = place_in_hub(tmp_path / "hub", "o/r", "m.Q8_0.gguf", tiny_model, link_blob=False)
    question = {"model": "o/r:Q8_0", "prompt": "the", "max_tokens": 1}
    with running_server(tmp_path / "home", tmp_path / "hub") as server, server.http() as client:
        for content, context in ((None, 2048), (other.read_bytes(), 512)):
            if content is not None:
                _replace(placed, content)
                client.delete(f"/api/v1/engines/{server.engines()[0]['id']}")
            assert client.post("/v1/completions", json=question).status_code == 200
            assert server.engines()[0]["options"]["n_ctx"] == context  # type: ignore[index]
        _replace(placed, b"garbage" * 1000)
        client.delete(f"/api/v1/engines/{server.engines()[0]['id']}")
        told = client.post("/v1/completions", json=question)
        assert (told.status_code, told.json()["error"]["code"]) == (422, "model_file_unusable")


def test_a_link_that_became_a_text_when_it_was_copied_still_leads_to_its_model(
    tmp_path: Path, tiny_model: Path
) -> None:
    placed = place_in_hub(tmp_path / "hub", "o/r", "m.Q8_0.gguf", tiny_model)
    text = "../../blobs/" + "0" * 64
    placed.resolve().rename(placed.parents[2] / "blobs" / ("0" * 64))
    placed.unlink()
    placed.write_text(text)
    question = {"model": "o/r:Q8_0", "prompt": "the", "max_tokens": 1}
    with running_server(tmp_path / "home", tmp_path / "hub") as server, server.http() as client:
        assert client.post("/v1/completions", json=question).status_code == 200
