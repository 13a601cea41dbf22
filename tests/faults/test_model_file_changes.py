"""A model file is cut, deleted or replaced under an engine: who asks next is told plainly."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bodhi.engine import embedded
from bodhi.engine.embedded import EmbeddedLauncher
from bodhi.engine.supervisor import Supervisor
from bodhi.errors import BodhiError
from bodhi.model_files.index import Catalogue, ModelIndex
from tests.engine.factories import make_spec, make_supervisor
from tests.engine.plain_http import ask, chat
from tests.support.hub import place_in_hub

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
