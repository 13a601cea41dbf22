"""T14: whatever lies among the models, the list is made, and whole."""

import os
import stat
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bodhi.model_files import found, readings
from bodhi.model_files.gguf import GgufHeader
from bodhi.model_files.index import Catalogue, ModelIndex
from tests.model_files.gguf_bytes import LLAMA_DATA, llama
from tests.support.barrage import say
from tests.support.hub import place_in_hub

SNAPSHOT = "a" * 40
_TERABYTE = 2**40
# A scan that waits for a pipe would wait for ever.
pytestmark = pytest.mark.timeout(60)


def plant(folder: Path, number: int) -> str:
    """One hostile entry; returns its file name."""
    kinds: tuple[tuple[str, Callable[[Path], object]], ...] = (
        ("pipe", os.mkfifo),
        ("socket", lambda path: os.mknod(path, stat.S_IFSOCK | 0o600)),
        ("zero", lambda path: path.symlink_to("/dev/zero")),
        ("tape", lambda path: path.symlink_to("/dev/null")),
        ("loop", lambda path: path.symlink_to(path.name)),
        ("gone", lambda path: path.symlink_to("../../blobs/" + "0" * 64)),
        ("empty", Path.touch),
        ("sparse", _sparse),
        ("shut", _shut),
        ("short", lambda path: path.write_bytes(b"GGUF")),
        ("noise", lambda path: path.write_bytes(os.urandom(500))),
        ("lies", lambda path: path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 1, 2**63))),
        ("caf\udce9", lambda path: path.write_bytes(b"GGUF")),
        ("\x1b[2J\u202e", lambda path: path.write_bytes(b"GGUF")),
    )
    name, make = kinds[number % len(kinds)]
    path = folder / f"{name}-{number}.gguf"
    make(path)
    return path.name


def _shut(path: Path) -> None:
    path.write_bytes(b"GGUF")
    path.chmod(0)


def _sparse(path: Path) -> None:
    path.write_bytes(llama().file())
    os.truncate(path, _TERABYTE)


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    model = tmp_path / "good.gguf"
    model.write_bytes(llama().file(LLAMA_DATA))
    place_in_hub(tmp_path / "hub", "o/good", "good.Q8_0.gguf", model, snapshot=SNAPSHOT)
    return tmp_path / "hub"


def snapshot_folder(hub: Path, repo: str = "models--o--r") -> Path:
    folder = hub / repo / "snapshots" / SNAPSHOT
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def shortcomings(scan: Callable[[], Catalogue], entries: set[str]) -> list[str]:
    """What a list leaves out, offers without a warning, or why there is none."""
    try:
        catalogue = scan()
    except Exception as error:
        return [f"the scan ended with {type(error).__name__}"]
    listed = {row.filename: row for row in catalogue.rows}
    missing = {found.readable(name) for name in entries} - listed.keys()
    # A terabyte of zeros behind a good header is a model for all that a header can say.
    offered = [n for n, row in listed.items() if not row.problem and n[:4] not in ("good", "spar")]
    good = catalogue.by_id("o/good:Q8_0")
    lost = [] if good and good.problem is None else ["the good model is not listed"]
    return [*(f"{name} is not listed" for name in sorted(missing)), *offered, *lost]


@pytest.mark.threat("T14")
def test_every_kind_of_hostile_entry_is_a_row_and_the_good_model_is_listed(hub: Path) -> None:
    folder = snapshot_folder(hub)
    entries = {plant(folder, number) for number in range(140)}
    index = ModelIndex(hub)
    assert shortcomings(index.scan, entries) == []
    assert shortcomings(index.scan, entries) == []


@pytest.mark.threat("T14")
def test_depth_and_odd_places_end_no_scan(hub: Path) -> None:
    deep = snapshot_folder(hub).joinpath(*["d"] * 60)
    deep.mkdir(parents=True)
    plant(deep, 9)
    for place in ("blobs", "refs", "snapshots"):
        os.mkfifo(hub / f"models--o--{place}")
        (hub / f"models--p--{place}").mkdir()
        os.mkfifo(hub / f"models--p--{place}" / place)
        (hub / f"models--q--{place}").mkdir()
        (hub / f"models--q--{place}" / place).symlink_to("/dev/pts")
    (hub / "models--o--\udcff\udcfe").mkdir()
    assert shortcomings(ModelIndex(hub).scan, set()) == []


@pytest.mark.threat("T14")
def test_a_folder_with_more_entries_than_anybody_has_is_read_up_to_the_limit_and_said(
    hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = snapshot_folder(hub)
    for number in range(1_500):
        (folder / f"{number}.gguf").touch()
    assert len(ModelIndex(hub).scan().rows) == 1_501
    monkeypatch.setattr(found, "MAX_ENTRIES", 1_000)
    catalogue = ModelIndex(hub).scan()
    assert 900 < len(catalogue.rows) <= 1_000
    assert any("too many entries" in problem for problem in catalogue.problems)


@pytest.mark.threat("T14")
@pytest.mark.soak
@pytest.mark.timeout(0)
def test_ten_thousand_snapshots_and_a_hundred_thousand_files_are_listed(hub: Path) -> None:
    entries = set()
    model = (hub.parent / "good.gguf").read_bytes()
    for number in range(10_000):
        folder = snapshot_folder(hub, f"models--o--r{number}")
        (folder / f"good-{number}.gguf").write_bytes(model)
        if number % 10 == 0:
            entries.add(plant(folder, number // 10))
    crowded = snapshot_folder(hub)
    for number in range(100_000):
        (crowded / f"empty-{number}.gguf").touch()
    index = ModelIndex(hub)
    for kind in ("cold", "warm"):
        began = time.monotonic()
        assert shortcomings(index.scan, entries) == []
        say(f"{kind} scan: {time.monotonic() - began:.1f} s")


def careless_reader(path: str | os.PathLike[str]) -> GgufHeader:
    """Unpacks what it finds."""
    with Path(path).open("rb") as file:
        struct.unpack("<4sIQQ", file.read(24))
    raise AssertionError("the good model alone would come so far")


@pytest.mark.planted("T14")
def test_a_scan_that_one_file_ends_would_be_found(
    hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = {plant(snapshot_folder(hub), 6)}
    monkeypatch.setattr(readings, "read_header", careless_reader)
    (complaint,) = shortcomings(ModelIndex(hub).scan, entries)
    assert complaint.startswith("the scan ended with")


@pytest.mark.planted("T14")
def test_a_list_that_leaves_out_what_is_odd_would_be_found(
    hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = {plant(snapshot_folder(hub), number) for number in range(28)}
    monkeypatch.setattr(found, "_bad", lambda *_: None)
    assert len(shortcomings(ModelIndex(hub).scan, entries)) >= 4
