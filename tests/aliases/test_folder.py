"""The alias folder in other hands: what is on disk is served, and a bad file harms only itself."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bodhi.errors import AliasBroken, StorageFailed
from tests.aliases.samples import alias_text, names_of, open_store, temporary_files, write_file

BROKEN = "alias: a\nrepo: [\n"


def test_a_file_that_breaks_keeps_its_last_good_reading_serving(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    good = store.create(alias_text("x:y", snapshot="good"))
    store.create(alias_text("z"))
    path = write_file(tmp_path, "x--y", BROKEN)
    assert store.reload() == {"x--y"}
    stored = store.get("x:y")
    assert stored
    assert stored.alias == good.alias
    assert stored.version == good.version
    assert stored.problem
    assert stored.problem.file == "x--y.yaml"
    assert stored.problem.line == 3
    assert "not valid YAML" in str(stored.problem)
    assert path.read_text() == BROKEN
    # On a cold start only that alias is unavailable.
    cold = open_store(tmp_path)
    assert names_of(cold) == ["z"]
    unavailable = cold.get("x:y")
    assert unavailable
    assert unavailable.alias is None
    assert unavailable.problem
    path.write_text(alias_text("x:y"))
    assert store.reload() == {"x--y"}
    repaired = store.get("x:y")
    assert repaired
    assert repaired.problem is None


def test_a_file_that_cannot_be_parsed_is_never_written(tmp_path: Path) -> None:
    path = write_file(tmp_path, "a", BROKEN)
    store = open_store(tmp_path)
    acts: list[Callable[[], object]] = [
        lambda: store.save("a", alias_text(), if_etag=None),
        lambda: store.edit("a", {("snapshot",): "x"}, if_etag=None),
        lambda: store.rename("a", "b", if_etag=None),
    ]
    for act in acts:
        with pytest.raises(AliasBroken, match="cannot be parsed"):
            act()
    assert path.read_text() == BROKEN
    store.delete("a", if_etag=None)
    assert store.all() == []


def test_a_value_out_of_range_can_be_put_right_through_the_store(tmp_path: Path) -> None:
    write_file(tmp_path, "a", alias_text(request_params="{temperature: 9}"))
    store = open_store(tmp_path)
    stored = store.edit("a", {("request_params", "temperature"): 1}, if_etag=None)
    assert stored.problem is None


def test_two_files_with_one_alias_are_both_flagged_and_neither_is_guessed(tmp_path: Path) -> None:
    write_file(tmp_path, "a", alias_text("a"))
    write_file(tmp_path, "copy", alias_text("a"))
    write_file(tmp_path, "b", alias_text("b"))
    store = open_store(tmp_path)
    assert [(s.stem, s.alias is None, s.problem is None) for s in store.all()] == [
        ("a", True, False),
        ("b", False, True),
        ("copy", True, False),
    ]
    (tmp_path / "aliases" / "copy.yaml").unlink()
    assert store.reload() == {"a", "copy"}
    assert names_of(store) == ["a", "b"]


def test_a_copy_beside_a_serving_alias_leaves_it_serving(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    created = store.create(alias_text("a"))
    write_file(tmp_path, "a", alias_text("a", snapshot="other"), suffix=".yml")
    assert store.reload() == {"a"}
    stored = store.get("a")
    assert stored
    assert stored.alias == created.alias
    assert stored.problem
    assert "a.yaml and a.yml" in stored.problem.reason
    with pytest.raises(AliasBroken):
        store.edit("a", {("snapshot",): "x"}, if_etag=None)


def test_only_alias_files_are_read(tmp_path: Path) -> None:
    for stem, suffix in ((".hidden", ".yaml"), ("note", ".txt"), ("x", ".yaml~"), ("a", ".yml")):
        write_file(tmp_path, stem, alias_text(stem), suffix=suffix)
    assert names_of(open_store(tmp_path)) == ["a"]


def test_what_is_no_regular_file_is_a_problem_and_nothing_worse(tmp_path: Path) -> None:
    folder = tmp_path / "aliases"
    write_file(tmp_path, "good", alias_text("good"))
    target = tmp_path / "elsewhere.yaml"
    target.write_text(alias_text("linked"))
    (folder / "linked.yaml").symlink_to(target)
    (folder / "dangling.yaml").symlink_to(tmp_path / "nowhere")
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")
    (folder / "device.yaml").symlink_to("/dev/zero")
    (folder / os.fsdecode(b"caf\xe9.yaml")).write_text(alias_text("latin"))
    store = open_store(tmp_path)
    assert names_of(store) == ["good", "linked"]
    problems = {stored.stem: str(stored.problem) for stored in store.all() if stored.problem}
    assert problems.keys() == {"dangling", "loop", "folder", "pipe", "device", "caf\\xe9"}
    assert "caf\\xe9.yaml" in problems["caf\\xe9"]
    assert "".join(problems).isascii()
    assert "missing" in problems["dangling"]
    assert store.reload() == frozenset()
    for stem in ("pipe", "folder", "dangling"):
        with pytest.raises(AliasBroken):
            store.text_of(stem)


def test_a_link_is_followed_and_never_replaced(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    target = tmp_path / "elsewhere.yaml"
    target.write_text(alias_text("a"))
    link = tmp_path / "aliases" / "a.yaml"
    link.symlink_to(target)
    store.reload()
    with pytest.raises(StorageFailed, match="symbolic link"):
        store.edit("a", {("snapshot",): "x"}, if_etag=None)
    assert link.is_symlink()
    target.write_text(alias_text("a", snapshot="new"))
    assert store.reload() == {"a"}


def test_a_change_within_the_same_clock_tick_is_seen(tmp_path: Path) -> None:
    path = write_file(tmp_path, "a", alias_text(snapshot="one"))
    store = open_store(tmp_path)
    before = path.stat()
    with path.open("r+") as file:
        file.write(alias_text(snapshot="two"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert store.reload() == {"a"}


def test_reading_again_parses_only_what_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        path = write_file(tmp_path, f"a{number}", alias_text(f"a{number}"))
        os.utime(path, (1e9, 1e9))
    store = open_store(tmp_path)
    reads: list[str] = []
    whole = os.open

    def counted(path: str, flags: int, *rest: int) -> int:
        # The changed alias's new version is written beside; that is no reading.
        if not flags & (os.O_WRONLY | os.O_RDWR):
            reads.append(str(path))
        return whole(path, flags, *rest)

    monkeypatch.setattr(os, "open", counted)
    assert store.reload() == frozenset()
    write_file(tmp_path, "a7", alias_text("a7", snapshot="x"))
    assert store.reload() == {"a7"}
    # The version that is kept of it is a new file, elsewhere.
    of_aliases = [path for path in reads if Path(path).parent == tmp_path / "aliases"]
    assert [path for path in of_aliases if path.endswith(".yaml")] == [
        f"{tmp_path}/aliases/a7.yaml"
    ]


def test_a_folder_that_is_gone_for_a_while_keeps_serving(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create(alias_text())
    (tmp_path / "aliases").rename(tmp_path / "away")
    assert store.reload() == frozenset()
    assert names_of(store) == ["a"]
    (tmp_path / "away").rename(tmp_path / "aliases")
    (tmp_path / "aliases" / "a.yaml").unlink()
    assert store.reload() == {"a"}
    assert names_of(store) == []


def test_only_our_own_stray_files_are_removed_at_the_start(tmp_path: Path) -> None:
    open_store(tmp_path).create(alias_text())
    ours = tmp_path / "aliases" / ".a.yaml.0123456789ab.tmp"
    theirs = [tmp_path / "aliases" / name for name in (".a.yaml.swp", "x.tmp", ".a.yaml.xyz.tmp")]
    for path in (ours, *theirs):
        path.write_text("half")
    assert names_of(open_store(tmp_path)) == ["a"]
    assert not ours.exists()
    assert all(path.exists() for path in theirs)
    assert ours.name not in temporary_files(tmp_path)
