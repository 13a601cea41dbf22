"""Uids and versions: they outlive restarts and renames, and their loss harms nobody."""

from pathlib import Path

import orjson
import pytest

from tests.aliases.samples import alias_text, open_store, write_file


def _sidecar(home: Path) -> Path:
    return home / "state" / "aliases.json"


def test_uid_and_version_survive_a_restart(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    created = store.create(alias_text())
    saved = store.edit("a", {("snapshot",): "main"}, if_etag=created.etag)
    assert (created.version, saved.version) == (1, 2)
    assert saved.uid == created.uid
    again = open_store(tmp_path).by_stem("a")
    assert again == saved


def test_a_hand_edit_counts_once_however_many_see_it(tmp_path: Path) -> None:
    first, second = open_store(tmp_path), open_store(tmp_path)
    created = first.create(alias_text())
    write_file(tmp_path, "a", alias_text(snapshot="main"))
    for store in (first, second, open_store(tmp_path)):
        store.reload()
        stored = store.by_stem("a")
        assert stored
        assert (stored.uid, stored.version) == (created.uid, 2)


def test_an_edit_made_while_nobody_looked_counts_at_the_next_start(tmp_path: Path) -> None:
    created = open_store(tmp_path).create(alias_text())
    write_file(tmp_path, "a", alias_text(snapshot="main"))
    stored = open_store(tmp_path).by_stem("a")
    assert stored
    assert (stored.uid, stored.version) == (created.uid, 2)


def test_a_rename_keeps_the_uid(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    created = store.create(alias_text())
    renamed = store.rename("a", "b:c", if_etag=created.etag)
    assert (renamed.uid, renamed.version, renamed.stem) == (created.uid, 2, "b--c")
    assert open_store(tmp_path).all() == [renamed]


def test_a_deleted_alias_leaves_no_identity_to_its_successor(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    created = store.create(alias_text())
    store.delete("a", if_etag=None)
    assert store.create(alias_text()).uid != created.uid


def test_unreadable_content_is_no_version(tmp_path: Path) -> None:
    write_file(tmp_path, "a", "broken: [")
    store = open_store(tmp_path)
    broken = store.by_stem("a")
    assert broken
    assert broken.version == 1
    write_file(tmp_path, "a", alias_text())
    store.reload()
    repaired = store.by_stem("a")
    assert repaired
    assert (repaired.uid, repaired.version) == (broken.uid, 1)


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b'{"a": 1}',
        b'{"a": {"uid": 1, "version": 1, "sha256": ""}}',
        b'{"a": {"uid": "x", "version": 0, "sha256": ""}}',
        b'{"a": {"uid": "x", "version": 1}}',
        b"\xff\xfe",
    ],
)
def test_a_damaged_sidecar_is_moved_aside_and_built_anew(tmp_path: Path, damage: bytes) -> None:
    write_file(tmp_path, "a", alias_text())
    _sidecar(tmp_path).parent.mkdir()
    _sidecar(tmp_path).write_bytes(damage)
    stored = open_store(tmp_path).by_stem("a")
    assert stored
    assert stored.version == 1
    assert orjson.loads(_sidecar(tmp_path).read_bytes())["a"]["uid"] == stored.uid
    aside = [path for path in _sidecar(tmp_path).parent.iterdir() if "damaged" in path.name]
    assert [path.read_bytes() for path in aside] == [damage]


def test_a_lost_sidecar_is_built_anew(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create(alias_text())
    _sidecar(tmp_path).unlink()
    stored = open_store(tmp_path).by_stem("a")
    assert stored
    assert stored.version == 1


def test_aliases_serve_where_the_sidecar_cannot_be_written(tmp_path: Path) -> None:
    write_file(tmp_path, "a", alias_text())
    (tmp_path / "state").mkdir()
    _sidecar(tmp_path).mkdir()
    store = open_store(tmp_path)
    stored = store.by_stem("a")
    assert stored
    assert stored.alias
    assert store.edit("a", {("snapshot",): "main"}, if_etag=None).version == 2
