"""An alias file becomes unusable: the last good reading serves, and the file is left alone."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bodhi.aliases import shelf as shelf_module
from bodhi.aliases.folder import Reading, read_folder
from bodhi.aliases.sidecar import Identity
from bodhi.aliases.store import AliasStore
from bodhi.aliases.view import View, assemble
from tests.aliases.samples import alias_text, names_of, open_store, write_file
from tests.faults.acts import OLD

Break = Callable[[Path], object]


def _duplicate(path: Path) -> None:
    path.with_name("other.yaml").write_text(OLD)


def _second_suffix(path: Path) -> None:
    path.with_suffix(".yml").write_text(OLD)


def _dangling_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere.yaml")


def _link_to_garbage(path: Path) -> None:
    elsewhere = path.parents[1] / "garbage"
    elsewhere.write_text("alias: [")
    path.unlink()
    path.symlink_to(elsewhere)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


BREAKS: dict[str, Break] = {
    "garbage": lambda path: path.write_bytes(os.urandom(500)),
    "not YAML": lambda path: path.write_text("alias: ["),
    "cut to nothing": lambda path: os.truncate(path, 0),
    "cut in a key": lambda path: os.truncate(path, len(OLD) - 25),
    "another type": lambda path: path.write_text("- a\n- list\n"),
    "a value out of range": lambda path: path.write_text(OLD + "request_params: {top_p: 9}\n"),
    "another alias in it": lambda path: path.write_text(alias_text("c")),
    "too large": lambda path: path.write_text(OLD + "#" * 300_000),
    "a second file with this alias": _duplicate,
    "a second file with this stem": _second_suffix,
    "a link to nowhere": _dangling_link,
    "a link to garbage": _link_to_garbage,
    "a folder in its place": _folder,
    "a pipe in its place": _pipe,
}


def _tree(home: Path) -> dict[str, object]:
    """Everything in the alias folder, links as links."""
    return {
        path.name: path.readlink()
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else path.stat().st_mode
        for path in (home / "aliases").iterdir()
    }


def broken_promises(home: Path, break_it: Break) -> list[str]:
    """What goes wrong when the file of ``a`` is broken under a running store, and at a restart."""
    write_file(home, "a", OLD)
    write_file(home, "b", alias_text("b"))
    store = open_store(home)
    good = store.get("a")
    assert good is not None
    break_it(home / "aliases" / "a.yaml")
    before = _tree(home)
    wrong = []
    if "a" not in store.reload():
        wrong.append("nobody was told")
    stored = store.get("a")
    if stored is None or stored.alias != good.alias:
        wrong.append("the last good one does not serve")
    if stored is None or stored.problem is None:
        wrong.append("it is not flagged")
    if "b" not in names_of(store):
        wrong.append("the other alias does not serve")
    again = open_store(home)
    if names_of(again) != ["b"] or (at_start := again.by_stem("a")) is None or not at_start.problem:
        wrong.append(f"after a restart {names_of(again)} serve")
    if _tree(home) != before:
        wrong.append("the file was touched")
    return wrong


@pytest.mark.fault("F7")
@pytest.mark.parametrize("name", BREAKS)
def test_the_last_good_reading_serves_and_the_file_is_left_alone(tmp_path: Path, name: str) -> None:
    assert broken_promises(tmp_path, BREAKS[name]) == []


@pytest.mark.fault("F7")
def test_a_repaired_file_serves_at_once(tmp_path: Path) -> None:
    write_file(tmp_path, "a", OLD)
    store = open_store(tmp_path)
    write_file(tmp_path, "a", "alias: [")
    store.reload()
    write_file(tmp_path, "a", alias_text("a", snapshot="new"))
    store.reload()
    stored = store.get("a")
    assert stored is not None
    assert stored.problem is None
    assert stored.alias is not None
    assert stored.alias.snapshot == "new"


def _forgetful(
    judged: dict[str, Reading], identity: Callable[[str], Identity], before: View
) -> View:
    return assemble(judged, identity, View())


def _all_or_nothing(
    folder: Path, before: dict[str, Reading], *, with_data: bool = False
) -> dict[str, Reading]:
    readings = read_folder(folder, before, with_data=with_data)
    return {} if any(reading.problem for reading in readings.values()) else readings


def _helpful(
    folder: Path, before: dict[str, Reading], *, with_data: bool = False
) -> dict[str, Reading]:
    """Removes what cannot be used."""
    readings = read_folder(folder, before, with_data=with_data)
    for reading in readings.values():
        if reading.problem:
            (folder / reading.file).unlink()
    return readings


@pytest.mark.planted("F7")
@pytest.mark.parametrize(
    ("part", "defect", "found"),
    [
        ("assemble", _forgetful, "the last good one does not serve"),
        ("read_folder", _all_or_nothing, "the other alias does not serve"),
        ("read_folder", _helpful, "the file was touched"),
    ],
)
def test_a_store_that_forgets_or_mends_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, defect: object, found: str
) -> None:
    monkeypatch.setattr(shelf_module, part, defect)
    assert found in broken_promises(tmp_path, BREAKS["not YAML"])


@pytest.mark.planted("F7")
def test_a_store_that_does_not_look_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AliasStore, "reload", lambda self: frozenset())
    wrong = broken_promises(tmp_path, BREAKS["not YAML"])
    assert {"nobody was told", "it is not flagged"} <= set(wrong)
