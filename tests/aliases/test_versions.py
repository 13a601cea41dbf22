"""Every content that an alias has had is kept, whoever wrote it, and answers to ``name@3``."""

from pathlib import Path

import pytest

from bodhi.aliases.model import Alias
from bodhi.aliases.resolve import resolve
from bodhi.aliases.store import AliasStore
from bodhi.aliases.versions import How
from bodhi.errors import AliasNotFound, VersionNotFound
from bodhi.model_files.index import ModelIndex
from tests.aliases.samples import alias_text, open_store, write_file


def _seed(number: int) -> str:
    return alias_text(request_params=f"{{seed: {number}}}")


def _kept(store: AliasStore, stem: str = "a") -> list[tuple[int, str]]:
    """(number, text) of every version, the newest first; each is also readable by itself."""
    stored = store.by_stem(stem)
    assert stored
    found = store.versions(stem)
    return [(v.number, store.version(stored, v.number)[1].decode()) for v in found]


def test_every_save_is_a_version_with_how_it_came_and_its_note(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create(_seed(1))
    store.save("a", _seed(2), if_etag=None, how=How.PUBLISH, note="Warmer.\nMuch.")
    store.edit("a", {("request_params", "seed"): 3}, if_etag=None)
    assert _kept(store) == [(3, _seed(3)), (2, _seed(2)), (1, _seed(1))]
    seen = [(version.how, version.note) for version in store.versions("a")]
    assert seen == [("edit", None), ("publish", "Warmer.\nMuch."), ("edit", None)]
    again = open_store(tmp_path)
    assert again.versions("a") == store.versions("a")
    newest = again.versions("a")[0]
    assert newest.etag == again.text_of("a")[1]


def test_a_save_of_the_same_is_no_version(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create(_seed(1))
    store.save("a", _seed(1), if_etag=None)
    assert _kept(store) == [(1, _seed(1))]


def test_hand_edits_are_versions_while_somebody_looks(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create(_seed(1))
    for number in (2, 3):
        write_file(tmp_path, "a", _seed(number))
        store.reload()
    write_file(tmp_path, "a", "alias: [")
    store.reload()
    write_file(tmp_path, "a", _seed(4))
    store.save("a", _seed(5), if_etag=None)
    assert [number for number, _ in _kept(store)] == [5, 4, 3, 2, 1]
    assert [text for _, text in _kept(store)] == [_seed(n) for n in (5, 4, 3, 2, 1)]
    assert [v.how for v in store.versions("a")] == ["edit", "hand", "hand", "hand", "edit"]


def test_what_was_there_before_anybody_looked_is_a_version_before_it_goes(tmp_path: Path) -> None:
    write_file(tmp_path, "a", _seed(1))
    write_file(tmp_path, "b", alias_text("b"))
    store = open_store(tmp_path)
    assert _kept(store) == []
    store.save("a", _seed(2), if_etag=None)
    assert _kept(store) == [(2, _seed(2)), (1, _seed(1))]
    assert store.keep_version_of("b")
    assert not store.keep_version_of("b")
    write_file(tmp_path, "b", alias_text("b", snapshot="main"))
    after = open_store(tmp_path)
    assert after.keep_version_of("b")
    assert [number for number, _ in _kept(after, "b")] == [2, 1]


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path) -> None:
    store = AliasStore(tmp_path, versions_kept=3)
    store.load_all()
    store.create(_seed(1))
    for number in range(2, 7):
        store.save("a", _seed(number), if_etag=None)
    assert [number for number, _ in _kept(store)] == [6, 5, 4]
    stored = store.by_stem("a")
    assert stored
    for number in (0, 3, 7, -1, 10**12):
        with pytest.raises(VersionNotFound):
            store.version(stored, number)


def test_versions_go_with_the_alias_through_renames_and_the_trash_and_end_there(
    tmp_path: Path,
) -> None:
    store = open_store(tmp_path)
    store.create(_seed(1))
    store.rename("a", "b", if_etag=None)
    deleted = store.delete("b", if_etag=None)
    assert store.create(alias_text("b")).version == 1
    assert len(store.versions("b")) == 1
    store.delete("b", if_etag=None)
    store.restore(deleted.id)
    assert [number for number, _ in _kept(store, "b")] == [2, 1]
    gone = store.delete("b", if_etag=None)
    assert gone.uid
    folder = tmp_path / "versions" / gone.uid
    assert folder.is_dir()
    store.purge(gone.id)
    assert not folder.exists()


def test_a_version_that_is_torn_or_was_never_reached_is_none(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    uid = store.create(_seed(1)).uid
    store.save("a", _seed(2), if_etag=None)
    folder = tmp_path / "versions" / uid
    (folder / "1.yaml").write_bytes((folder / "1.yaml").read_bytes()[:-1])
    (folder / "3.yaml").write_bytes((folder / "2.yaml").read_bytes())
    (folder / "4.yaml").write_text("mine")
    (folder / "notes.txt").write_text("mine")
    assert [number for number, _ in _kept(store)] == [2]
    store.save("a", _seed(3), if_etag=None)
    assert _kept(store) == [(3, _seed(3)), (2, _seed(2))]


def test_a_name_with_a_version_is_that_recipe_under_the_name_of_now(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    remote = {"repo": "remote:x", "filename": "m"}
    store.create(alias_text("a", **remote, request_params="{seed: 1}"))
    store.edit("a", {("request_params", "seed"): 2}, if_etag=None)
    store.rename("a", "b", if_etag=None)
    catalogue = ModelIndex(tmp_path / "hub").scan()
    for name, seed, version in (("b", 2, 3), ("b@3", 2, 3), ("b@2", 2, 2), ("b@1", 1, 1)):
        found = resolve(name, store, catalogue)
        assert found.alias.request_params == {"seed": seed}
        assert (found.label, found.alias.name) == (f"b@{version}", "b")
    first = resolve("b@1", store, catalogue)
    assert first.etag == store.versions("b")[2].etag
    for name in ("b@4", "b@0", "a@1"):
        with pytest.raises(AliasNotFound):
            resolve(name, store, catalogue)
    # A file that is broken now does not take its past along.
    write_file(tmp_path, "b", "alias: [")
    assert resolve("b@1", open_store(tmp_path), catalogue).alias == Alias(
        "b", "remote:x", "m", request_params={"seed": 1}
    )
