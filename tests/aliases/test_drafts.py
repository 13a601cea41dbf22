"""Drafts: on the disk before they are called saved, and published whole or not at all."""

from pathlib import Path

import pytest

from bodhi.aliases.drafts import Drafts
from bodhi.aliases.store import AliasStore
from bodhi.errors import (
    AliasChanged,
    AliasFileInvalid,
    AliasNotFound,
    DraftChanged,
    DraftNotFound,
    NameTaken,
)
from tests.aliases.samples import alias_text, names_of, open_store, write_file

DAY_S = 24 * 60 * 60
NEW = alias_text("a", snapshot="new")


def open_drafts(home: Path, store: AliasStore | None = None) -> Drafts:
    drafts = Drafts(home, store or open_store(home))
    drafts.load()
    return drafts


def test_a_draft_survives_a_restart_whatever_its_text_is(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    stored = store.create(alias_text("a"))
    drafts = open_drafts(tmp_path, store)
    draft, is_new = drafts.begin(alias_text("a"), stored)
    assert is_new
    for text in ("alias: [", "", "\ufeff# é\r\n", "\0", NEW):
        draft = drafts.save(draft.id, text, etags=(draft.etag,))
        again = open_drafts(tmp_path)
        assert again.all() == [draft]
        assert again.of(stored.uid) == draft.id
    assert (draft.base_etag, draft.base_version, draft.seq) == (stored.etag, 1, 6)
    assert store.text_of("a")[0] == alias_text("a")


def test_an_alias_has_one_draft_at_most(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    stored = store.create(alias_text("a"))
    drafts = open_drafts(tmp_path, store)
    first, _ = drafts.begin(NEW, stored)
    assert drafts.begin(alias_text("a"), stored) == (first, False)
    assert drafts.begin(alias_text("b"), None)[1]
    assert drafts.begin(alias_text("b"), None)[1]


def test_a_stale_save_loses_nothing(tmp_path: Path) -> None:
    drafts = open_drafts(tmp_path)
    draft, _ = drafts.begin("one", None)
    saved = drafts.save(draft.id, "two", etags=(draft.etag,))
    with pytest.raises(DraftChanged):
        drafts.save(draft.id, "three", etags=(draft.etag,))
    with pytest.raises(DraftChanged):
        drafts.delete(draft.id, etags=(draft.etag,))
    assert open_drafts(tmp_path).all() == [saved]
    drafts.delete(draft.id, etags=(saved.etag,))
    assert open_drafts(tmp_path).all() == drafts.all() == []


def test_a_publish_is_one_version_with_its_note_and_ends_the_draft(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    stored = store.create(alias_text("a"))
    drafts = open_drafts(tmp_path, store)
    draft, _ = drafts.begin(NEW, stored)
    published = drafts.publish(draft.id, etags=(draft.etag,), note="why")
    assert store.text_of("a")[0] == NEW
    assert (published.uid, published.version) == (stored.uid, 2)
    newest = store.versions("a")[0]
    assert (newest.how, newest.note) == ("publish", "why")
    assert drafts.all() == open_drafts(tmp_path).all() == []


def test_a_draft_of_a_new_alias_creates_it_and_one_with_another_name_renames(
    tmp_path: Path,
) -> None:
    store = open_store(tmp_path)
    drafts = open_drafts(tmp_path, store)
    draft, _ = drafts.begin(alias_text("a"), None)
    stored = drafts.publish(draft.id, etags=None)
    draft, _ = drafts.begin(alias_text("b:c", snapshot="x"), stored)
    renamed = drafts.publish(draft.id, etags=None)
    assert (renamed.stem, renamed.uid, renamed.version) == ("b--c", stored.uid, 2)
    assert names_of(store) == names_of(open_store(tmp_path)) == ["b:c"]


def test_a_publish_that_is_refused_changes_nothing_and_keeps_the_draft(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    stored = store.create(alias_text("a"))
    store.create(alias_text("b"))
    drafts = open_drafts(tmp_path, store)
    draft, _ = drafts.begin("alias: [", stored)
    with pytest.raises(AliasFileInvalid):
        drafts.publish(draft.id, etags=None)
    draft = drafts.save(draft.id, alias_text("b", snapshot="x"), etags=None)
    with pytest.raises(NameTaken):
        drafts.publish(draft.id, etags=None)
    draft = drafts.save(draft.id, NEW, etags=None)
    write_file(tmp_path, "a", alias_text("a", snapshot="theirs"))
    with pytest.raises(AliasChanged):
        drafts.publish(draft.id, etags=None)
    text, etag = store.text_of("a")
    assert text == alias_text("a", snapshot="theirs")
    assert drafts.all() == [draft]
    # Having seen it, one may write over it; it stays a version.
    assert drafts.publish(draft.id, etags=None, over=etag).version == 3
    assert [version.how for version in store.versions("a")] == ["publish", "hand", "edit"]


def test_a_draft_whose_alias_is_gone_waits_until_it_is_back(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    stored = store.create(alias_text("a"))
    drafts = open_drafts(tmp_path, store)
    draft, _ = drafts.begin(NEW, stored)
    deleted = store.delete("a", if_etag=None)
    with pytest.raises(AliasNotFound):
        drafts.publish(draft.id, etags=None)
    store.restore(deleted.id)
    assert drafts.publish(draft.id, etags=None).uid == stored.uid


def test_a_draft_that_nobody_touched_for_long_goes(tmp_path: Path) -> None:
    drafts = open_drafts(tmp_path)
    draft, _ = drafts.begin("x", None)
    assert drafts.forget_old(now=draft.updated_at + 90 * DAY_S) == []
    assert drafts.forget_old(now=draft.updated_at + 90 * DAY_S + 1) == [draft.id]
    assert drafts.all() == open_drafts(tmp_path).all() == []


@pytest.mark.parametrize("draft_id", ["", "x", "../aliases/a", "0" * 32, "\0"])
def test_an_id_from_outside_reaches_no_file(tmp_path: Path, draft_id: str) -> None:
    drafts = open_drafts(tmp_path)
    drafts.begin("x", None)
    for act in (
        lambda: drafts.get(draft_id),
        lambda: drafts.save(draft_id, "y", etags=None),
        lambda: drafts.delete(draft_id, etags=None),
        lambda: drafts.publish(draft_id, etags=None),
    ):
        with pytest.raises(DraftNotFound):
            act()
    assert [draft.text for draft in drafts.all()] == ["x"]


def test_files_that_are_no_drafts_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "drafts"
    folder.mkdir()
    for name, text in (("notes.txt", "mine"), ("f" * 32 + ".yaml", "alias: a"), ("x.yaml", "")):
        (folder / name).write_text(text)
    drafts = open_drafts(tmp_path)
    assert drafts.all() == []
    assert len(list(folder.iterdir())) == 3


@pytest.mark.parametrize("text", ["x" * (256 * 1024 + 1), "\ud800"])
def test_a_text_that_can_be_no_file_is_refused(tmp_path: Path, text: str) -> None:
    drafts = open_drafts(tmp_path)
    with pytest.raises(AliasFileInvalid):
        drafts.begin(text, None)
    draft, _ = drafts.begin("x", None)
    with pytest.raises(AliasFileInvalid):
        drafts.save(draft.id, text, etags=None)
    assert open_drafts(tmp_path).all() == [draft]
