"""Added folders, laid out owner/repo/file.gguf: the same rows, without snapshots."""

import shutil
from pathlib import Path

import pytest

from bodhi.model_files.index import ModelIndex
from tests.model_files.gguf_bytes import LLAMA_DATA, llama
from tests.support.hub import place_in_hub


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(llama().file(LLAMA_DATA))
    return path


def place(folder: Path, name: str, model: Path) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(model, path))


def test_a_model_in_an_added_folder_is_a_row_without_snapshot(tmp_path: Path, model: Path) -> None:
    path = place(tmp_path / "more", "o/r/m-Q6_K.gguf", model)
    (row,) = ModelIndex(tmp_path / "hub", (tmp_path / "more",)).scan().rows
    assert (row.id, row.snapshot, row.snapshots, row.refs) == ("o/r:Q6_K", None, (), ())
    assert (row.path, row.real_path, row.problem) == (path, path, None)


def test_only_files_of_a_repository_count(tmp_path: Path, model: Path) -> None:
    for name in ("m.gguf", "o/m.gguf", "o/r/sub/m.Q8_0.gguf", "o/r s/m.gguf", "o/r/mmproj-x.gguf"):
        place(tmp_path / "more", name, model)
    (row,) = ModelIndex(tmp_path / "hub", (tmp_path / "more",)).scan().rows
    assert row.filename == "sub/m.Q8_0.gguf"


def test_the_hub_cache_comes_before_added_folders(tmp_path: Path, model: Path) -> None:
    in_hub = place_in_hub(tmp_path / "hub", "o/r", "m-Q6_K.gguf", model, snapshot="a" * 40)
    in_folder = place(tmp_path / "more", "o/r/m-Q6_K.gguf", model)
    catalogue = ModelIndex(tmp_path / "hub", (tmp_path / "more",)).scan()
    first = catalogue.by_id("o/r:Q6_K")
    assert first is not None
    assert first.path == in_hub
    assert [row.id for row in catalogue.rows] == ["o/r:Q6_K", "o/r:m-Q6_K"]
    assert catalogue.rows[1].path == in_folder
    found = catalogue.find("o/r", "m-Q6_K.gguf")
    assert found is not None
    assert found.path == in_hub


def test_links_between_known_stores_count_and_others_do_not(tmp_path: Path, model: Path) -> None:
    blob = place_in_hub(tmp_path / "hub", "a/b", "m-Q8_0.gguf", model, snapshot="a" * 40)
    folder = tmp_path / "more" / "o" / "r"
    folder.mkdir(parents=True)
    (folder / "inside-Q8_0.gguf").symlink_to(blob)
    (folder / "outside-Q4_0.gguf").symlink_to(model)
    (folder / "gone-Q5_0.gguf").symlink_to(tmp_path / "nothing")
    rows = ModelIndex(tmp_path / "hub", (tmp_path / "more",)).scan().by_repo("o/r")
    problems = {row.filename: row.problem for row in rows}
    assert problems.pop("inside-Q8_0.gguf") is None
    assert problems == {
        "outside-Q4_0.gguf": "The file is a link that leads out of the model folders.",
        "gone-Q5_0.gguf": "The file is a link to a file that is not there.",
    }


def test_a_folder_named_twice_is_listed_once(tmp_path: Path, model: Path) -> None:
    place(tmp_path / "more", "o/r/m-Q6_K.gguf", model)
    folders = (tmp_path / "more", tmp_path / "more" / ".." / "more")
    assert len(ModelIndex(tmp_path / "hub", folders).scan().rows) == 1


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    catalogue = ModelIndex(tmp_path / "hub", (tmp_path / "absent",)).scan()
    assert catalogue.rows == ()
    assert catalogue.problems == ("the model folder absent is not there",)
