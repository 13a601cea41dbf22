"""Changing aliases through the store: what is saved, and what is refused and changes nothing."""

import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bodhi.aliases.model import Alias
from bodhi.aliases.store import AliasStore
from bodhi.errors import (
    AliasChanged,
    AliasFileInvalid,
    AliasNotFound,
    BodhiError,
    NameInvalid,
    NameTaken,
)
from tests.aliases.samples import alias_text, names_of, open_store, write_file
from tests.support.fixtures import shared_fixtures


def test_the_published_aliases_survive_opening_and_saving_byte_for_byte(tmp_path: Path) -> None:
    for file in ("llama3--instruct.yaml", "llama3--instruct.flags.yaml"):
        data = (shared_fixtures() / "aliases" / file).read_bytes()
        home = tmp_path / file
        path = write_file(home, "llama3--instruct", data)
        store = open_store(home)
        text, etag = store.text_of("llama3--instruct")
        stored = store.save("llama3--instruct", text, if_etag=etag)
        assert stored.alias is not None
        assert store.get("llama3:instruct") == stored
        assert path.read_bytes() == data
        assert stored.etag == hashlib.sha256(data).hexdigest()


def test_opening_and_saving_a_thousand_aliases_changes_no_file(tmp_path: Path) -> None:
    texts = {}
    for number in range(1000):
        odd = f"#{number}\n" + alias_text(f"a:{number}", request_params=f"{{seed:  {number}}} # s")
        texts[f"a--{number}"] = odd.replace("\n", "\r\n") if number % 2 else odd
        write_file(tmp_path, f"a--{number}", texts[f"a--{number}"])
    before = _changes_of(tmp_path)
    store = open_store(tmp_path)
    assert len(names_of(store)) == 1000
    for stored in store.all():
        text, etag = store.text_of(stored.stem)
        assert text == texts[stored.stem]
        assert store.save(stored.stem, text, if_etag=etag) == stored
    assert _changes_of(tmp_path) == before


def _changes_of(home: Path) -> dict[str, tuple[int, int, int]]:
    """What every write to a file, or in its place, would alter."""
    stats = {path.name: path.stat() for path in (home / "aliases").iterdir()}
    return {name: (s.st_ino, s.st_mtime_ns, s.st_ctime_ns) for name, s in stats.items()}


def test_a_created_alias_is_a_private_file_in_the_specifications_shape(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    recipe = Alias("llama3:instruct", "o/r", "f.gguf", context_params={"n_ctx": 4096})
    stored = store.create(recipe)
    path = tmp_path / "aliases" / "llama3--instruct.yaml"
    assert stored.alias == recipe
    assert path.read_text() == (
        "alias: llama3:instruct\nrepo: o/r\nfilename: f.gguf\ncontext_params:\n  n_ctx: 4096\n"
    )
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert store.get("llama3:instruct") == stored == store.by_stem("llama3--instruct")
    assert store.get("llama3/instruct") is None


def test_one_edit_is_one_changed_line(tmp_path: Path) -> None:
    text = "# mine\n" + alias_text(context_params="\n      n_ctx:   1024 # small\n      n_keep: 1")
    path = write_file(tmp_path, "a", text.replace("\n", "\r\n"))
    store = open_store(tmp_path)
    stored = store.edit("a", {("context_params", "n_ctx"): 4096}, if_etag=None)
    assert stored.alias
    assert stored.alias.context_params == {"n_ctx": 4096, "n_keep": 1}
    assert path.read_bytes().decode() == text.replace("1024", "4096").replace("\n", "\r\n")


@pytest.mark.parametrize("other", ["x:y", "x/y", "x--y", "X:Y"])
def test_a_name_that_needs_a_taken_file_is_refused(tmp_path: Path, other: str) -> None:
    store = open_store(tmp_path)
    store.create(alias_text("x:y"))
    store.create(alias_text("z"))
    with pytest.raises(NameTaken):
        store.create(alias_text(other))
    with pytest.raises(NameTaken):
        store.rename("z", other, if_etag=None)
    assert names_of(store) == ["x:y", "z"]


def test_a_file_that_appeared_unseen_is_not_written_over(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    path = write_file(tmp_path, "a", "mine", suffix=".yml")
    with pytest.raises(NameTaken):
        store.create(alias_text("a"))
    assert path.read_text() == "mine"
    assert os.listdir(path.parent) == ["a.yml"]  # noqa: PTH208


@pytest.mark.parametrize("name", ["../x", "con", "a@3", "", "a/"])
def test_a_name_that_cannot_be_creates_nothing(tmp_path: Path, name: str) -> None:
    store = open_store(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(NameInvalid):
        store.create(Alias(name, "o/r", "f"))
    with pytest.raises((AliasFileInvalid, NameInvalid)):
        store.create(alias_text(f'"{name}"'))
    assert [p for p in sorted(tmp_path.rglob("*")) if p.name != "write.lock"] == [
        p for p in before if p.name != "write.lock"
    ]


@pytest.mark.parametrize("stem", ["../aliases/a", "..", "", "a/../a", ".a", "a\0", "b", "a" * 300])
def test_a_stem_from_outside_reaches_no_other_file(tmp_path: Path, stem: str) -> None:
    store = open_store(tmp_path)
    store.create(alias_text())
    write_file(tmp_path, "", alias_text("hidden"))
    assert store.by_stem(stem) is None
    acts: list[Callable[[], object]] = [
        lambda: store.text_of(stem),
        lambda: store.save(stem, alias_text(), if_etag=None),
        lambda: store.edit(stem, {}, if_etag=None),
        lambda: store.rename(stem, "c", if_etag=None),
        lambda: store.delete(stem, if_etag=None),
    ]
    for act in acts:
        with pytest.raises(AliasNotFound):
            act()
    assert names_of(store) == ["a"]


def test_a_deleted_alias_lies_in_the_trash(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    stored = store.create(alias_text("x:y"))
    store.delete("x--y", if_etag=stored.etag)
    assert store.all() == []
    (kept,) = (tmp_path / "trash").iterdir()
    assert kept.name.endswith("-x--y.yaml")
    assert kept.read_text() == alias_text("x:y")


def test_a_rename_moves_the_file_and_changes_one_line(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    write_file(tmp_path, "a", "# kept\n" + alias_text("a"), suffix=".yml")
    store.reload()
    renamed = store.rename("a", "b:c", if_etag=None)
    assert [path.name for path in (tmp_path / "aliases").iterdir()] == ["b--c.yaml"]
    assert store.text_of("b--c")[0] == "# kept\n" + alias_text("b:c")
    within = store.rename("b--c", "b/c", if_etag=renamed.etag)
    assert within.stem == "b--c"
    assert names_of(store) == ["b/c"]


def test_a_stale_etag_changes_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    stale = store.create(alias_text()).etag
    by_hand = alias_text(snapshot="by-hand")
    path = write_file(tmp_path, "a", by_hand)
    acts: list[Callable[[], object]] = [
        lambda: store.save("a", alias_text(snapshot="lost"), if_etag=stale),
        lambda: store.edit("a", {("snapshot",): "lost"}, if_etag=stale),
        lambda: store.rename("a", "b", if_etag=stale),
        lambda: store.delete("a", if_etag=stale),
    ]
    for act in acts:
        with pytest.raises(AliasChanged):
            act()
    assert path.read_text() == by_hand
    stored = store.by_stem("a")
    assert stored
    assert stored.etag != stale


def test_of_two_that_edit_the_same_content_exactly_one_wins(tmp_path: Path) -> None:
    stores = [open_store(tmp_path), open_store(tmp_path)]
    etag = stores[0].create(alias_text()).etag
    for turn in range(50):
        won = _edit_at_once(stores, etag, turn)
        assert len(won) == 1
        etag = won[0]
    assert stores[0].text_of("a")[1] == etag


def _edit_at_once(stores: list[AliasStore], etag: str, turn: int) -> list[str]:
    """The etags that came of editing through every store at the same time."""
    start = threading.Barrier(len(stores))
    won: list[str] = []

    def edit(store: AliasStore, seed: int) -> None:
        start.wait()
        with suppress(AliasChanged):
            won.append(store.edit("a", {("request_params", "seed"): seed}, if_etag=etag).etag)

    threads = [
        threading.Thread(target=edit, args=(store, len(stores) * turn + which))
        for which, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return won


@pytest.mark.parametrize(
    "bad",
    [
        "alias: a\nrepo: [\n",
        alias_text("other"),
        alias_text(request_params="{temperature: 9}"),
        "\ud800",
        "x: " + "y" * 300_000,
    ],
    ids=["syntax", "other-name", "range", "surrogate", "size"],
)
def test_what_cannot_be_used_is_never_written(tmp_path: Path, bad: str) -> None:
    store = open_store(tmp_path)
    stored = store.create(alias_text())
    with pytest.raises(BodhiError):
        store.save("a", bad, if_etag=None)
    assert store.text_of("a") == (alias_text(), stored.etag)
    with pytest.raises(BodhiError):
        store.edit("a", {("request_params", "temperature"): 9}, if_etag=None)
    assert store.all() == [stored]
