"""What stands in a hub cache, tidy or hostile: every scan ends, every row says what is wrong."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bodhi.model_files.index import Catalogue, ModelIndex
from bodhi.model_files.model import ModelFile
from tests.model_files.gguf_bytes import LLAMA_DATA, llama
from tests.support.fixtures import shared_fixtures
from tests.support.hub import place_in_hub

A, B = "a" * 40, "b" * 40


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    return tmp_path / "hub"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(llama().file(LLAMA_DATA))
    return path


def snapshot_folder(hub: Path, snapshot: str = A) -> Path:
    folder = hub / "models--o--r" / "snapshots" / snapshot
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def scan(hub: Path) -> Catalogue:
    return ModelIndex(hub).scan()


def only(catalogue: Catalogue) -> ModelFile:
    (row,) = catalogue.rows
    return row


def problems(hub: Path) -> dict[str, str | None]:
    return {row.filename: row.problem for row in scan(hub).rows}


def test_a_linked_blob_is_listed_with_its_facts(hub: Path, model: Path) -> None:
    placed = place_in_hub(hub, "o/r", "m-Q4_K_M.gguf", model, snapshot=A, refs={"main": A})
    row = only(scan(hub))
    assert (row.id, row.repo, row.filename) == ("o/r:Q4_K_M", "o/r", "m-Q4_K_M.gguf")
    assert (row.path, row.parts) == (placed, (placed,))
    assert row.real_path == placed.resolve()
    assert (row.snapshot, row.refs, row.snapshots) == (A, ("main",), (A,))
    assert row.size_bytes == model.stat().st_size
    assert row.problem is None
    assert row.facts is not None
    assert row.facts.architecture == "llama"


def test_a_plain_copy_in_a_snapshot_is_a_model_too(hub: Path, model: Path) -> None:
    placed = place_in_hub(hub, "o/r", "m.Q8_0.gguf", model, snapshot=A, link_blob=False)
    row = only(scan(hub))
    assert (row.path, row.real_path, row.problem) == (placed, placed, None)


def test_a_folder_named_main_is_a_snapshot(hub: Path, model: Path) -> None:
    place_in_hub(hub, "o/r", "m.Q8_0.gguf", model, snapshot="main")
    assert only(scan(hub)).snapshot == "main"


def test_nested_files_are_named_with_slashes(hub: Path, model: Path) -> None:
    place_in_hub(hub, "o/r", "q8/deep/m.Q8_0.gguf", model, snapshot=A)
    row = only(scan(hub))
    assert (row.filename, row.id, row.problem) == ("q8/deep/m.Q8_0.gguf", "o/r:Q8_0", None)


def test_a_link_kept_as_text_is_followed_to_its_blob(hub: Path, model: Path) -> None:
    placed = place_in_hub(hub, "o/r", "m.Q8_0.gguf", model, snapshot=A)
    target = str(placed.readlink())
    placed.unlink()
    placed.write_text(target, encoding="ascii")
    row = only(scan(hub))
    assert (row.problem, row.real_path) == (None, (placed.parent / target).resolve())


def test_text_that_names_no_blob_of_the_cache_is_not_followed(hub: Path, model: Path) -> None:
    (snapshot_folder(hub) / "m.gguf").write_text(
        "../../blobs/../../../model.gguf", encoding="ascii"
    )
    assert "copied as text" in (only(scan(hub)).problem or "")


def test_projectors_unfinished_blobs_and_other_files_are_no_rows(hub: Path, model: Path) -> None:
    place_in_hub(hub, "o/r", "mmproj-F16.gguf", model, snapshot=A)
    place_in_hub(hub, "o/r", "README.md", model, snapshot=A)
    (hub / "models--o--r" / "blobs" / "0123.incomplete").write_bytes(b"GGUF")
    (hub / "models--o--r" / ".no_exist" / A).mkdir(parents=True)
    (hub / "models--o--r" / ".no_exist" / A / "gone.gguf").touch()
    assert scan(hub).rows == ()


def test_folders_that_are_no_model_repositories_are_passed_over(hub: Path, model: Path) -> None:
    for folder in (
        "datasets--o--r",
        "models--gpt2",
        "models--a--b--c",
        "models--..--x",
        "models--",
    ):
        placed = hub / folder / "snapshots" / A / "m.gguf"
        placed.parent.mkdir(parents=True)
        shutil.copyfile(model, placed)
    (hub / "version.txt").touch()
    assert scan(hub).rows == ()


def test_a_cache_that_is_not_there_is_an_empty_list(hub: Path) -> None:
    catalogue = scan(hub)
    assert (catalogue.rows, catalogue.problems) == ((), ())


@pytest.mark.threat("T14")
def test_each_hostile_entry_is_one_row_with_its_reason(
    hub: Path, model: Path, tmp_path: Path
) -> None:
    place_in_hub(hub, "o/r", "good.Q8_0.gguf", model, snapshot=A)
    folder = snapshot_folder(hub)
    os.mkfifo(folder / "pipe.gguf")
    os.mknod(folder / "socket.gguf", stat.S_IFSOCK | 0o600)
    (folder / "zero.gguf").symlink_to("/dev/zero")
    (folder / "outside.gguf").symlink_to(model)
    (folder / "dangling.gguf").symlink_to("../../blobs/" + "0" * 64)
    (folder / "loop.gguf").symlink_to("loop.gguf")
    (folder / "empty.gguf").touch()
    (folder / "folder.gguf").mkdir()
    (folder / "sparse.gguf").touch()
    os.truncate(folder / "sparse.gguf", 2**40)
    (folder / os.fsdecode(b"caf\xe9.gguf")).write_bytes(model.read_bytes())
    (folder / "bell\a.gguf").write_bytes(model.read_bytes())
    expected = {
        "good.Q8_0.gguf": None,
        "pipe.gguf": "named pipe",
        "socket.gguf": "a socket",
        "zero.gguf": "leads out of the hub cache",
        "outside.gguf": "leads out of the hub cache",
        "dangling.gguf": "a link to a file that is not there",
        "loop.gguf": "Too many levels",
        "empty.gguf": "is empty",
        "sparse.gguf": "magic bytes",
        "caf\\xe9.gguf": "not printable",
        "bell\\x07.gguf": "not printable",
    }
    found = problems(hub)
    assert found.keys() == expected.keys()
    for name, reason in expected.items():
        assert (found[name] is None) if reason is None else (reason in (found[name] or "")), name
    for row in scan(hub).rows:
        assert str(tmp_path) not in (row.problem or "")
        str(row).encode()  # Nothing in a row is text that cannot be written.


def test_a_blob_that_is_itself_a_link_is_followed_within_the_cache_only(
    hub: Path, model: Path
) -> None:
    placed = place_in_hub(hub, "o/r", "m.Q8_0.gguf", model, snapshot=A)
    blob = placed.resolve()
    inside = hub / "models--o--r" / "moved"
    blob.rename(inside)
    blob.symlink_to(inside)
    assert only(scan(hub)).problem is None
    blob.unlink()
    blob.symlink_to(model)
    assert "leads out" in (only(scan(hub)).problem or "")


@pytest.mark.threat("T13")
def test_a_linked_blobs_folder_does_not_open_a_way_out(
    hub: Path, model: Path, tmp_path: Path
) -> None:
    placed = place_in_hub(hub, "o/r", "m.Q8_0.gguf", model, snapshot=A)
    (hub / "models--o--r" / "blobs").rename(tmp_path / "elsewhere")
    (hub / "models--o--r" / "blobs").symlink_to(tmp_path / "elsewhere")
    assert placed.exists()
    assert "leads out" in (only(scan(hub)).problem or "")


def test_linked_folders_are_not_entered(hub: Path, model: Path, tmp_path: Path) -> None:
    place_in_hub(tmp_path / "other", "o/r", "m.Q8_0.gguf", model, snapshot=A)
    hub.mkdir()
    (hub / "models--o--r").symlink_to(tmp_path / "other" / "models--o--r")
    (snapshot_folder(hub.parent / "hub2") / "up").symlink_to("..")
    catalogue = scan(hub)
    assert catalogue.rows == ()
    assert catalogue.problems == ("o/r is a link in the hub cache and was not followed",)
    assert scan(hub.parent / "hub2").rows == ()


def test_refs_of_any_kind_do_no_harm(hub: Path, model: Path) -> None:
    place_in_hub(
        hub, "o/r", "m.Q8_0.gguf", model, snapshot=A, refs={"refs/pr/1": A, "main": f"{A}\n"}
    )
    refs = hub / "models--o--r" / "refs"
    os.mkfifo(refs / "pipe")
    (refs / "binary").write_bytes(b"\xff\xfe")
    (refs / "empty").touch()
    (refs / "dangling").symlink_to("nowhere")
    (refs / os.fsdecode(b"\xe9")).write_text(A, encoding="ascii")
    assert only(scan(hub)).refs == ("main", "refs/pr/1")


def test_parts_of_a_split_file_are_one_row(hub: Path, model: Path) -> None:
    for number in (1, 2, 3):
        place_in_hub(hub, "o/r", f"q8/m-Q8_0-0000{number}-of-00003.gguf", model, snapshot=A)
    row = only(scan(hub))
    assert (row.id, row.problem) == ("o/r:Q8_0", None)
    assert row.filename == "q8/m-Q8_0-00001-of-00003.gguf"
    assert [part.name[-19:-5] for part in row.parts] == [f"0000{n}-of-00003" for n in (1, 2, 3)]
    assert row.size_bytes == 3 * model.stat().st_size
    assert row.facts is not None
    assert row.facts.parameter_count == 3 * 64
    # llama.cpp finds the other parts by the first one's name, which a blob does not have.
    assert row.real_path == row.path == row.parts[0]


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_missing_part_is_named(hub: Path, model: Path, gone: int) -> None:
    for number in {1, 2, 3} - {gone}:
        place_in_hub(hub, "o/r", f"m-Q8_0-0000{number}-of-00003.gguf", model, snapshot=A)
    row = only(scan(hub))
    assert row.problem == f"Of 3 parts m-Q8_0-0000{gone}-of-00003.gguf is missing."
    assert row.path.name == row.filename == "m-Q8_0-00001-of-00003.gguf"


def test_a_damaged_part_is_named(hub: Path, model: Path) -> None:
    place_in_hub(hub, "o/r", "m-00001-of-00002.gguf", model, snapshot=A)
    (snapshot_folder(hub) / "m-00002-of-00002.gguf").write_bytes(model.read_bytes()[:-9])
    problem = only(scan(hub)).problem
    assert problem == "Part 2 of 2 is cut short: 9 bytes of tensor data are missing."


def test_a_renamed_part_is_not_taken_for_a_model(hub: Path, model: Path) -> None:
    model.write_bytes(llama().add("split.count", 2).file(LLAMA_DATA))
    place_in_hub(hub, "o/r", "m-Q8_0.gguf", model, snapshot=A)
    assert "one of 2 parts" in (only(scan(hub)).problem or "")


def test_the_published_cache_lists_each_model_once_and_says_why_not(tmp_path: Path) -> None:
    catalogue = scan(shared_fixtures() / "hf-home" / "hub")
    assert [row.id for row in catalogue.rows] == [
        "FakeFactory/fakemodel-gguf:Q4_0",
        "MyFactory/testalias-gguf:Q8_0",
        "TheBloke/Llama-2-7B-Chat-GGUF:Q8_0",
        "TheBloke/TinyLlama-1.1B-Chat-v0.3-GGUF:Q2_K",
        "google/gemma-1.1-2b-it-GGUF:2b_it_v1p1",
    ]
    for row in catalogue.rows:
        assert row.problem == "The file holds no tensors, only a header."
        assert row.facts is not None
    assert len(catalogue.rows[0].snapshots) == 2


_AS_NOBODY = """
import os, sys
from pathlib import Path
from bodhi.model_files.index import ModelIndex
os.setgid(65534); os.setuid(65534)
catalogue = ModelIndex(Path(sys.argv[1])).scan()
for row in catalogue.rows: print(row.filename, row.problem)
print(*catalogue.problems)
"""


@pytest.fixture
def open_hub() -> Iterator[Path]:
    """A hub cache that another user can reach; pytest's own folders are closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder / "hub"
    shutil.rmtree(folder)


@pytest.mark.threat("T14")
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become a user without rights")
def test_what_may_not_be_read_is_said_and_the_rest_is_listed(open_hub: Path, model: Path) -> None:
    place_in_hub(open_hub, "o/r", "good.Q8_0.gguf", model, snapshot=A)
    place_in_hub(open_hub, "o/r", "shut.Q4_0.gguf", model, snapshot=A, link_blob=False).chmod(0)
    place_in_hub(open_hub, "o/shut", "m.gguf", model, snapshot=A).parent.chmod(0)
    done = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, str(open_hub)],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "shut.Q4_0.gguf The file cannot be read: Permission denied.",
        "good.Q8_0.gguf None",
        "o/shut cannot be read: Permission denied",
    ]


def test_scans_are_whole_while_files_come_and_go(hub: Path, model: Path) -> None:
    place_in_hub(hub, "o/stays", "m.Q8_0.gguf", model, snapshot=A, refs={"main": A})
    over, scans = threading.Event(), 0

    def come_and_go() -> None:
        for _ in range(30):
            for repo, snapshot in (("o/r", A), ("o/r", B), ("o/s", A)):
                place_in_hub(hub, repo, "m.Q4_0.gguf", model, snapshot=snapshot, refs={"main": A})
            shutil.rmtree(hub / "models--o--r")
            shutil.rmtree(hub / "models--o--s")
        over.set()

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        index = ModelIndex(hub)
        while not over.is_set():
            row = index.scan().by_id("o/stays:Q8_0")
            assert row is not None
            assert row.problem is None
            scans += 1
    finally:
        other.join()
    assert scans > 3
