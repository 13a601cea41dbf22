"""The hub cache changes in the middle of a scan: at every point, in every way that tools have."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bodhi.model_files import found, readings
from bodhi.model_files.index import ModelIndex
from tests.model_files.gguf_bytes import LLAMA_DATA, llama
from tests.support.hub import place_in_hub

A, B = "a" * 40, "b" * 40
STAYS, COMES = "o/stays:Q8_0", "o/comes:Q8_0"
Change = Callable[[Path, Path], object]


def _snapshot(hub: Path) -> Path:
    return hub / "models--o--comes" / "snapshots" / A


def _begin_download(hub: Path, model: Path) -> None:
    """As the hub's tools, and ours, and those that download beside the file, leave one."""
    blobs = hub / "models--o--comes" / "blobs"
    blobs.mkdir(parents=True, exist_ok=True)
    (blobs / f"{'0' * 64}.incomplete").write_bytes(model.read_bytes()[:100])
    for name in ("m.Q4_0.gguf.incomplete", "m.Q4_0.gguf.part", ".0123456789abcdef.tmp"):
        _snapshot(hub).mkdir(parents=True, exist_ok=True)
        (_snapshot(hub) / name).write_bytes(model.read_bytes()[:100])


def _revise(hub: Path, model: Path) -> None:
    place_in_hub(hub, "o/comes", "m.Q8_0.gguf", model, snapshot=B, refs={"main": B})


def _replace(hub: Path, model: Path) -> None:
    other = hub / "other"
    other.write_bytes(model.read_bytes())
    other.replace(_snapshot(hub) / "m.Q8_0.gguf")


CHANGES: dict[str, Change] = {
    "the repository goes": lambda hub, _: shutil.rmtree(hub / "models--o--comes"),
    "the snapshot goes": lambda hub, _: shutil.rmtree(_snapshot(hub)),
    "the blobs go": lambda hub, _: shutil.rmtree(hub / "models--o--comes" / "blobs"),
    "the refs go": lambda hub, _: shutil.rmtree(hub / "models--o--comes" / "refs"),
    "the file is replaced": _replace,
    "the file is cut": lambda hub, _: os.truncate(_snapshot(hub) / "m.Q8_0.gguf", 40),
    "another revision comes": _revise,
    "a download begins": _begin_download,
}


class Interference:
    """Lets the change happen before the scan's look number ``at`` at the disk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int, change: Callable[[], object]):
        self._at, self._change, self.looks = at, change, 0
        for place, name in ((found.Walk, "entries"), (found, "inspect"), (readings, "read_header")):
            monkeypatch.setattr(place, name, self._before(getattr(place, name)))
        monkeypatch.setattr(os, "readlink", self._before(os.readlink))

    def _before(self, look: Callable[..., Any]) -> Callable[..., Any]:
        def looking(*arguments: Any) -> Any:
            self.looks += 1
            if self.looks == self._at:
                self._change()
            return look(*arguments)

        return looking


def _wrong(hub: Path, index: ModelIndex) -> Iterator[str]:
    try:
        catalogue = index.scan()
    except Exception as error:
        yield f"the scan ended with {error!r}"
        return
    stays = catalogue.by_id(STAYS)
    if stays is None or stays.problem:
        yield f"what stays is shown as {stays}"
    for row in catalogue.rows:
        if not row.filename.endswith(".gguf"):
            yield f"{row.filename} is listed"


def broken_promises(folder: Path, model: Path, change: Change) -> list[str]:
    """What goes wrong when the cache changes at any moment of a scan, and in the scan after it."""
    wrong: list[str] = []
    at, looks = 0, 1
    while at <= looks:
        at += 1
        hub = folder / str(at)
        place_in_hub(hub, "o/stays", "m.Q8_0.gguf", model, snapshot=A, refs={"main": A})
        place_in_hub(hub, "o/comes", "m.Q8_0.gguf", model, snapshot=A, refs={"main": A})
        index = ModelIndex(hub)
        with pytest.MonkeyPatch.context() as patched:
            interference = Interference(patched, at, partial(change, hub, model))
            wrong += [f"at {at}: {what}" for what in _wrong(hub, index)]
            looks = interference.looks
        fresh = {row.id: row.problem for row in ModelIndex(hub).scan().rows}
        wrong += [f"after {at}: {what}" for what in _wrong(hub, index)]
        if {row.id: row.problem for row in index.scan().rows} != fresh:
            wrong.append(f"after {at} an old state is shown")
    assert looks > 8
    return wrong


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(llama().file(LLAMA_DATA))
    return path


@pytest.mark.fault("F42")
@pytest.mark.parametrize("name", CHANGES)
def test_a_scan_survives_any_change_and_lists_nothing_unfinished(
    tmp_path: Path, model: Path, name: str
) -> None:
    assert broken_promises(tmp_path, model, CHANGES[name]) == []


def _trusting(self: found.Walk, folder: str, name: str) -> "list[os.DirEntry[str]]":
    with os.scandir(folder) as entries:
        return list(entries)


@pytest.mark.planted("F42")
def test_a_scan_that_expects_folders_to_stay_would_be_found(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found.Walk, "entries", _trusting)
    wrong = broken_promises(tmp_path, model, CHANGES["the repository goes"])
    assert any("the scan ended with FileNotFoundError" in what for what in wrong)


@pytest.mark.planted("F42")
def test_a_scan_that_lists_what_is_unfinished_would_be_found(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found, "is_model_name", lambda name: ".gguf" in name)
    wrong = broken_promises(tmp_path, model, CHANGES["a download begins"])
    assert any("m.Q4_0.gguf.incomplete is listed" in what for what in wrong)
