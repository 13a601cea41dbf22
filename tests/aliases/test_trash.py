"""Deleting is undone by one call: the alias that comes back is the one that went."""

import os
from pathlib import Path

import pytest

from bodhi.errors import AliasChanged, NameTaken, NotInTrash
from tests.aliases.samples import alias_text, names_of, open_store, write_file

DAY_S = 24 * 60 * 60


def test_a_deleted_alias_comes_back_byte_for_byte_with_uid_and_version(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    write_file(tmp_path, "x--y", "# mine\r\n" + alias_text("x:y"), suffix=".yml")
    store.reload()
    before = store.edit("x--y", {("snapshot",): "main"}, if_etag=None)
    text = (tmp_path / "aliases" / "x--y.yml").read_bytes()
    deleted = store.delete("x--y", if_etag=before.etag)
    assert (deleted.stem, deleted.file, deleted.name()) == ("x--y", "x--y.yml", "x:y")
    assert (deleted.uid, deleted.version) == (before.uid, 2)
    for again in (store, open_store(tmp_path)):
        assert again.all() == []
        assert again.trash() == [deleted]
    back = store.restore(deleted.id)
    assert (back.uid, back.version, back.etag) == (before.uid, 2, before.etag)
    assert (tmp_path / "aliases" / "x--y.yml").read_bytes() == text
    assert store.trash() == []
    assert open_store(tmp_path).all() == [back]


def test_the_trash_lists_the_latest_first_and_only_what_deleting_put_there(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for name in "abc":
        store.create(alias_text(name))
        store.delete(name, if_etag=None)
    for stray in ("notes.txt", "99999999T999999Z-abcdef-d.yaml", "20260101T000000Z-abcdef-d.txt"):
        (tmp_path / "trash" / stray).write_text("mine")
    (tmp_path / "trash" / "20200101T000000Z-abcdef-old.yaml").write_text(alias_text("old"))
    listed = store.trash()
    assert sorted(one.stem for one in listed) == ["a", "b", "c", "old"]
    assert [one.deleted_at for one in listed] == sorted(
        (one.deleted_at for one in listed), reverse=True
    )
    assert store.restore("20200101T000000Z-abcdef").version == 1


def test_what_is_in_the_way_is_not_written_over(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create(alias_text("a"))
    deleted = store.delete("a", if_etag=None)
    other = store.create(alias_text("A", snapshot="other"))
    with pytest.raises(NameTaken):
        store.restore(deleted.id)
    assert store.all() == [other]
    assert store.trash() == [deleted]
    # Not even what nobody has seen yet.
    store.delete("A", if_etag=None)
    path = write_file(tmp_path, "a", "mine", suffix=".yml")
    with pytest.raises(NameTaken):
        store.restore(deleted.id)
    assert path.read_text() == "mine"


@pytest.mark.parametrize("trash_id", ["", "x", "../aliases/a", "20260101T000000Z-abcdef", "\0"])
def test_an_id_from_outside_reaches_no_other_file(tmp_path: Path, trash_id: str) -> None:
    store = open_store(tmp_path)
    store.create(alias_text("a"))
    for act in (store.restore, store.purge):
        with pytest.raises(NotInTrash):
            act(trash_id)
    assert names_of(store) == ["a"]


def test_what_is_purged_is_gone_and_nothing_else_is(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for name in "ab":
        store.create(alias_text(name))
    gone, kept = (store.delete(name, if_etag=None) for name in "ab")
    store.purge(gone.id)
    assert store.trash() == [kept]
    with pytest.raises(NotInTrash):
        store.purge(gone.id)


def test_thirty_days_later_it_is_gone_for_good(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create(alias_text("a"))
    deleted = store.delete("a", if_etag=None)
    assert store.purge_old(now=deleted.deleted_at + 30 * DAY_S) == []
    assert store.purge_old(now=deleted.deleted_at + 30 * DAY_S + 1) == [deleted]
    assert store.trash() == []
    assert os.listdir(tmp_path / "trash") == []  # noqa: PTH208


def test_a_file_that_is_no_alias_comes_back_too(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    stem = "x" * 225
    for name, text in (("torn", "alias: ["), (stem, "alias: [")):
        write_file(tmp_path, name, text)
    store.reload()
    for name in ("torn", stem):
        deleted = store.delete(name, if_etag=None)
        assert deleted.name() == name
        back = store.restore(deleted.id)
        assert back.problem is not None
        assert (tmp_path / "aliases" / f"{name}.yaml").read_text() == "alias: ["


def test_a_stale_delete_moves_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    stale = store.create(alias_text("a")).etag
    store.edit("a", {("snapshot",): "main"}, if_etag=None)
    with pytest.raises(AliasChanged):
        store.delete("a", if_etag=stale)
    assert store.trash() == []
