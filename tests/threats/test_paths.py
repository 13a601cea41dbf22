"""T13: links and names that lead out of the folders of models."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bodhi.aliases.reader import read_alias
from bodhi.errors import AliasFileInvalid, NameInvalid
from bodhi.model_files import folders, found, header_bytes, hub_cache, readings
from bodhi.model_files.gguf import GgufHeader, read_header
from bodhi.model_files.index import Catalogue, ModelIndex
from tests.aliases.samples import alias_text
from tests.model_files.gguf_bytes import LLAMA_DATA, llama
from tests.support.hub import place_in_hub

SNAPSHOT = "a" * 40
SECRET = "somebody else's model"
_CHAIN = 50


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A readable model that is nobody's business."""
    path = tmp_path / "outside" / "secret.gguf"
    path.parent.mkdir()
    path.write_bytes(llama().add("general.name", SECRET).file(LLAMA_DATA))
    return path


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    model = tmp_path / "good.gguf"
    model.write_bytes(llama().add("general.name", "good").file(LLAMA_DATA))
    place_in_hub(tmp_path / "hub", "o/r", "good.Q8_0.gguf", model, snapshot=SNAPSHOT)
    return tmp_path / "hub"


def plant_farm(hub: Path, outside: Path) -> set[str]:
    """Every way out by a link that we know of; returns the names of the files."""
    folder = hub / "models--o--r" / "snapshots" / SNAPSHOT
    links = {
        "absolute.gguf": str(outside),
        "up.gguf": os.path.relpath(outside, folder),
        "crooked.gguf": f"../../blobs/{os.path.relpath(outside, folder.parents[1] / 'blobs')}",
        "loop.gguf": "loop.gguf",
        "pair-1.gguf": "pair-2.gguf",
        "pair-2.gguf": "pair-1.gguf",
        "through-folder.gguf": "way/secret.gguf",
        "device.gguf": "/dev/zero",
        "self.gguf": f"/proc/self/fd/../../..{outside}",
        "chain-0.gguf": str(outside),
        **{f"chain-{n}.gguf": f"chain-{n - 1}.gguf" for n in range(1, _CHAIN)},
    }
    for name, target in links.items():
        (folder / name).symlink_to(target)
    (folder / "way").symlink_to(outside.parent)
    (hub / "models--o--linked").symlink_to(outside.parent)
    (hub / "models--o--r" / "refs").mkdir(exist_ok=True)
    (hub / "models--o--r" / "refs" / "main").write_text(f"../../../../{outside.parent.name}")
    return links.keys() | set()


def leaks(catalogue: Catalogue) -> list[str]:
    """Files that are offered although their bytes lie outside, and whatever was read of them."""
    offered = [row.filename for row in catalogue.rows if row.problem is None]
    told = [row.filename for row in catalogue.rows if row.facts and row.facts.name == SECRET]
    return [name for name in [*offered, *told] if name != "good.Q8_0.gguf"]


@pytest.mark.threat("T13")
def test_no_link_of_a_farm_leads_out_and_the_good_file_is_listed(hub: Path, outside: Path) -> None:
    names = plant_farm(hub, outside)
    catalogue = ModelIndex(hub).scan()
    assert leaks(catalogue) == []
    assert {row.filename for row in catalogue.rows} == names | {"good.Q8_0.gguf"}
    good = catalogue.find("o/r", "good.Q8_0.gguf", SNAPSHOT)
    assert good is not None
    assert good.problem is None


@pytest.mark.threat("T13")
def test_no_link_leads_out_of_an_added_folder(tmp_path: Path, outside: Path) -> None:
    folder = tmp_path / "models" / "o" / "r"
    folder.mkdir(parents=True)
    (folder / "a.gguf").symlink_to(outside)
    (folder / "way").symlink_to(outside.parent)
    (tmp_path / "models" / "other").symlink_to(outside.parent.parent)
    catalogue = ModelIndex(tmp_path / "hub", (tmp_path / "models",)).scan()
    assert leaks(catalogue) == []
    assert [row.filename for row in catalogue.rows] == ["a.gguf"]


@pytest.mark.planted("T13")
def test_a_scan_that_follows_links_would_be_found(
    hub: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant_farm(hub, outside)
    for module in (hub_cache, folders):
        monkeypatch.setattr(module, "is_within", lambda path, root: True)
    leaked = leaks(ModelIndex(hub).scan())
    assert {"absolute.gguf", "up.gguf", "crooked.gguf", "chain-3.gguf"} <= {*leaked}


@contextmanager
def swapped_after_the_check(
    victim: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """``victim`` becomes a link to ``outside`` between being looked at and being opened."""

    def read(path: str | os.PathLike[str]) -> GgufHeader:
        if Path(path) == victim:
            victim.unlink()
            victim.symlink_to(outside)
        return read_header(path)

    with monkeypatch.context() as patch:
        patch.setattr(readings, "read_header", read)
        yield


@pytest.mark.threat("T13")
def test_a_file_swapped_between_check_and_use_is_not_offered(
    hub: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = (hub / "models--o--r" / "snapshots" / SNAPSHOT / "good.Q8_0.gguf").resolve()
    index = ModelIndex(hub)
    with swapped_after_the_check(victim, outside, monkeypatch):
        (row,) = index.scan().rows
    assert row.facts is None
    assert "exchanged" in (row.problem or "")
    (row,) = index.scan().rows
    assert "leads out" in (row.problem or "")


@pytest.mark.planted("T13")
def test_a_scan_that_trusts_its_check_would_be_found(
    hub: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = (hub / "models--o--r" / "snapshots" / SNAPSHOT / "good.Q8_0.gguf").resolve()
    for module in (header_bytes, found):
        monkeypatch.setattr(module, "file_identity", lambda status: "same")
    with swapped_after_the_check(victim, outside, monkeypatch):
        (row,) = ModelIndex(hub).scan().rows
    assert row.facts is not None
    assert row.facts.name == SECRET


WAYS_OUT = {
    "repo": ("../..", "../x", "/etc/x", "a/../b", "o/..", "./r", "o//r", "o\\r/x", "o/r/../x", "a"),
    "filename": ("../s", "/etc/passwd", "a/../../s", "a//b", "./a", "a\\b", "..", ".", "a/", "a/."),
    "snapshot": ("..", "../main", "/abs", "a/../b", "a//b", "a/", "a/./b", "a b", "a\\b"),
}


@pytest.mark.threat("T13")
@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in WAYS_OUT.items() for value in values]
)
def test_an_alias_cannot_name_a_way_out(hub: Path, outside: Path, field: str, value: str) -> None:
    text = alias_text("a", **{field: repr(value).replace("\\\\", "\\")})
    with pytest.raises(AliasFileInvalid) as caught:
        read_alias(text.encode(), stem="a")
    assert caught.value.pointer == f"/{field}"
    catalogue = ModelIndex(hub).scan()
    asked = {"repo": "o/r", "filename": "good.Q8_0.gguf", "snapshot": SNAPSHOT, field: value}
    assert catalogue.find(asked["repo"], asked["filename"], asked["snapshot"]) is None
    with pytest.raises(NameInvalid):
        catalogue.expected_path(asked["repo"], asked["filename"], asked["snapshot"])


@pytest.mark.threat("T13")
def test_a_ref_that_names_a_way_out_is_not_followed(hub: Path, outside: Path) -> None:
    plant_farm(hub, outside)
    path = ModelIndex(hub).scan().expected_path("o/r", "secret.gguf")
    assert path.is_relative_to(hub)
    assert ".." not in path.parts
