"""Finding one model among repositories, revisions and folders; and scanning again."""

import os
from pathlib import Path

import pytest

from bodhi.errors import NameInvalid
from bodhi.model_files import readings
from bodhi.model_files.gguf import GgufHeader, read_header
from bodhi.model_files.index import Catalogue, ModelIndex
from bodhi.model_files.model import ModelFile
from tests.model_files.gguf_bytes import LLAMA_DATA, llama
from tests.support.hub import place_in_hub

A, B, C = "a1" * 20, "b2" * 20, "c3" * 20
NAME = "m-Q4_0.gguf"


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    return tmp_path / "hub"


def make(tmp_path: Path, name: str = "one") -> Path:
    """A model whose bytes depend on ``name``."""
    path = tmp_path / f"{name}.gguf"
    path.write_bytes(llama().add("general.name", name).file(LLAMA_DATA))
    return path


@pytest.fixture
def three(hub: Path, tmp_path: Path) -> Catalogue:
    """Three revisions: B on main, A older with the same file, C with another one."""
    one, two = make(tmp_path, "one"), make(tmp_path, "two")
    place_in_hub(hub, "o/r", NAME, one, snapshot=A, refs={"refs/pr/1": A, "v1": A})
    place_in_hub(hub, "o/r", NAME, one, snapshot=B, refs={"main": B})
    place_in_hub(hub, "o/r", NAME, two, snapshot=C)
    return ModelIndex(hub).scan()


def named(row: ModelFile | None) -> tuple[str | None, str | None]:
    """Snapshot of the path and model name of what was found."""
    assert row is not None
    assert row.path.parent.name == row.snapshot
    assert row.path.resolve() == row.real_path
    return row.snapshot, row.facts.name if row.facts else None


def test_one_content_in_two_revisions_is_one_row(three: Catalogue) -> None:
    assert [row.id for row in three.rows] == ["o/r:Q4_0", "o/r:m-Q4_0"]
    first = three.rows[0]
    assert (first.snapshot, first.snapshots) == (B, (B, A))
    assert first.refs == ("main", "refs/pr/1", "v1")


@pytest.mark.parametrize(
    ("asked", "snapshot", "name"),
    [
        (None, B, "one"),
        ("main", B, "one"),
        (A, A, "one"),
        (A[:7], A, "one"),
        (A[:12].upper(), A, "one"),
        ("refs/pr/1", A, "one"),
        ("pr/1", A, "one"),
        ("v1", A, "one"),
        (C, C, "two"),
    ],
)
def test_a_snapshot_is_found_by_any_of_its_names(
    three: Catalogue, asked: str | None, snapshot: str, name: str
) -> None:
    assert named(three.find("o/r", NAME, asked)) == (snapshot, name)


@pytest.mark.parametrize("asked", [A[:6], "d" * 40, "d" * 7, "other", "", "../" + A, "refs"])
def test_a_snapshot_that_is_not_there_is_not_replaced_by_another(
    three: Catalogue, asked: str
) -> None:
    assert three.find("o/r", NAME, asked) is None


def test_what_is_not_there_is_not_found(three: Catalogue) -> None:
    assert three.find("o/r", "other.gguf") is None
    assert three.find("o/other", NAME) is None
    assert three.by_repo("o/other") == ()
    for name in ("o/r", "o/r:Q8_0", "O/R:Q4_0", "", ":", "o/r:"):
        assert three.by_id(name) is None


def test_the_quantization_is_looked_up_in_any_case(three: Catalogue) -> None:
    assert three.by_id("o/r:q4_0") is three.rows[0]
    assert three.by_repo("o/r") == three.rows


def test_a_short_hash_that_fits_two_snapshots_names_none(hub: Path, tmp_path: Path) -> None:
    for last in "12":
        place_in_hub(hub, "o/r", NAME, make(tmp_path), snapshot="ab" * 19 + "c" + last)
    catalogue = ModelIndex(hub).scan()
    assert catalogue.find("o/r", NAME, "ababababab") is None
    assert catalogue.find("o/r", NAME, "ab" * 19 + "c1") is not None


def test_without_main_the_newest_file_wins(hub: Path, tmp_path: Path) -> None:
    for age, (snapshot, name) in enumerate([(A, "new"), (B, "old"), (C, "older")]):
        placed = place_in_hub(hub, "o/r", NAME, make(tmp_path, name), snapshot=snapshot)
        os.utime(placed, (1e9 - age, 1e9 - age))
    assert named(ModelIndex(hub).scan().find("o/r", NAME)) == (A, "new")


def test_a_folder_named_main_is_reached_where_the_ref_leads_nowhere(
    hub: Path, tmp_path: Path
) -> None:
    place_in_hub(hub, "o/r", NAME, make(tmp_path), snapshot="main", refs={"main": A})
    assert named(ModelIndex(hub).scan().find("o/r", NAME, "main")) == ("main", "one")
    place_in_hub(hub, "o/r", NAME, make(tmp_path, "two"), snapshot=A)
    assert named(ModelIndex(hub).scan().find("o/r", NAME, "main")) == (A, "two")


def test_without_a_quantization_in_the_name_the_header_gives_it(hub: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(llama().add("general.file_type", 15).file(LLAMA_DATA))
    place_in_hub(hub, "o/r", "plain.gguf", path, snapshot=A)
    place_in_hub(hub, "o/s", "silent.gguf", make(tmp_path), snapshot=A)
    assert [row.id for row in ModelIndex(hub).scan().rows] == ["o/r:Q4_K_M", "o/s:silent"]


def test_the_plain_id_goes_to_main_then_to_what_loads_then_to_the_root(
    hub: Path, tmp_path: Path
) -> None:
    for filename in ("z-Q4_0.gguf", "sub/a-Q4_0.gguf", "b-Q4_0.gguf"):
        place_in_hub(hub, "o/r", filename, make(tmp_path, filename[:1]), snapshot=A)
    (hub / "models--o--r" / "snapshots" / A / "b-Q4_0.gguf").unlink()
    (hub / "models--o--r" / "snapshots" / A / "b-Q4_0.gguf").touch()
    place_in_hub(hub, "o/r", "old-Q4_0.gguf", make(tmp_path, "old"), snapshot=B)
    (hub / "models--o--r" / "refs").mkdir()
    (hub / "models--o--r" / "refs" / "main").write_text(A, encoding="ascii")
    ids = {row.filename: row.id for row in ModelIndex(hub).scan().rows}
    assert ids == {
        "z-Q4_0.gguf": "o/r:Q4_0",
        "sub/a-Q4_0.gguf": "o/r:a-Q4_0",
        "b-Q4_0.gguf": "o/r:b-Q4_0",
        "old-Q4_0.gguf": "o/r:old-Q4_0",
    }


def test_the_expected_path_follows_the_revision(three: Catalogue, hub: Path) -> None:
    snapshots = hub / "models--o--r" / "snapshots"
    assert three.expected_path("o/r", "x.gguf") == snapshots / B / "x.gguf"
    assert three.expected_path("o/r", "q/x.gguf", "pr/1") == snapshots / A / "q" / "x.gguf"
    assert three.expected_path("o/r", "x.gguf", C) == snapshots / C / "x.gguf"
    new = hub / "models--o--new" / "snapshots"
    assert three.expected_path("o/new", "x.gguf") == new / "main" / "x.gguf"


def test_the_expected_path_never_leaves_the_cache(hub: Path, tmp_path: Path) -> None:
    place_in_hub(hub, "o/r", NAME, make(tmp_path), snapshot=A, refs={"main": "../../../../etc"})
    catalogue = ModelIndex(hub).scan()
    path = catalogue.expected_path("o/r", "x.gguf")
    assert path == hub / "models--o--r" / "snapshots" / "main" / "x.gguf"
    unsafe = [("o/../r", "x", None), ("o/r", "../x", None), ("o/r", "x", "..")]
    for repo, filename, snapshot in unsafe:
        with pytest.raises(NameInvalid):
            catalogue.expected_path(repo, filename, snapshot)


def test_the_download_hint_is_a_command_that_names_the_revision(three: Catalogue) -> None:
    assert three.download_hint("o/r", "m-q8_0.gguf") == "bodhi pull o/r:m-q8_0.gguf"
    assert three.download_hint("o/r", "my m.gguf", "pr/1") == (
        "bodhi pull 'o/r:my m.gguf' --revision pr/1"
    )


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose headers were read, in order."""
    seen: list[str] = []

    def counted(path: str) -> GgufHeader:
        seen.append(Path(path).name)
        return read_header(path)

    monkeypatch.setattr(readings, "read_header", counted)
    return seen


def test_only_what_changed_is_read_again(hub: Path, tmp_path: Path, read: list[str]) -> None:
    for repo in ("o/r", "o/s"):
        place_in_hub(hub, repo, NAME, make(tmp_path), snapshot=A, link_blob=False)
    index = ModelIndex(hub)
    before = index.scan()
    assert len(read) == 2
    assert index.scan().rows == before.rows
    assert len(read) == 2
    placed = place_in_hub(hub, "o/s", NAME, make(tmp_path, "new"), snapshot=A, link_blob=False)
    row = index.scan().by_id("o/s:Q4_0")
    assert len(read) == 3
    assert row is not None
    assert row.identity != before.rows[1].identity
    assert named(row) == (A, "new")
    placed.unlink()
    assert [row.id for row in index.scan().rows] == ["o/r:Q4_0"]
    assert len(read) == 3


def test_a_shared_blob_is_read_once(hub: Path, tmp_path: Path, read: list[str]) -> None:
    for filename in ("a-Q4_0.gguf", "b-Q4_0.gguf"):
        for snapshot in (A, B):
            place_in_hub(hub, "o/r", filename, make(tmp_path), snapshot=snapshot)
    assert len(ModelIndex(hub).scan().rows) == 2
    assert len(read) == 1


def test_a_moved_ref_is_seen_without_reading_a_header(
    hub: Path, tmp_path: Path, read: list[str]
) -> None:
    for snapshot, name in ((A, "one"), (B, "two")):
        place_in_hub(
            hub, "o/r", NAME, make(tmp_path, name), snapshot=snapshot, refs={"main": snapshot}
        )
    index = ModelIndex(hub)
    assert named(index.scan().by_id("o/r:Q4_0")) == (B, "two")
    (hub / "models--o--r" / "refs" / "main").write_text(A, encoding="ascii")
    assert named(index.scan().by_id("o/r:Q4_0")) == (A, "one")
    assert len(read) == 2


def test_an_exchange_between_looking_and_reading_is_noticed(
    hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = place_in_hub(hub, "o/r", NAME, make(tmp_path), snapshot=A, link_blob=False)
    other = make(tmp_path, "another and longer one")

    def exchanged(path: str) -> GgufHeader:
        placed.write_bytes(other.read_bytes())
        return read_header(path)

    index = ModelIndex(hub)
    with monkeypatch.context() as patched:
        patched.setattr(readings, "read_header", exchanged)
        assert "exchanged" in (index.scan().rows[0].problem or "")
    assert index.scan().rows[0].problem is None


def test_a_truncated_file_is_named_at_the_next_scan(hub: Path, tmp_path: Path) -> None:
    placed = place_in_hub(hub, "o/r", NAME, make(tmp_path), snapshot=A)
    index = ModelIndex(hub)
    assert index.scan().rows[0].problem is None
    os.truncate(placed, placed.stat().st_size - 1)
    assert "cut short: 1 bytes" in (index.scan().rows[0].problem or "")
    placed.resolve().unlink()
    assert "not there" in (index.scan().rows[0].problem or "")
