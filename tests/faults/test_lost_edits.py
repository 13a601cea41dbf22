"""Two writers and a person's editor on one alias: whose edit was accepted finds it in the file."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bodhi.aliases.store import AliasStore
from bodhi.errors import AliasChanged, BodhiError, NameTaken
from bodhi.files import Disk, replace_file
from tests.aliases.samples import alias_text, open_store
from tests.faults.acts import CHANGES, OLD, aliases_of

Save: TypeAlias = Callable[[AliasStore, str, str], object]
# (who, None): reads. (who, N): saves, and the editor saves just before the disk's call N of it,
# or not at all if N is 9. EDITOR alone: the editor saves.
Step: TypeAlias = tuple[int, int | None]
EDITOR = 2
CALLS = ("create", "write", "fsync", "close")


class Meddling(Disk):
    """Lets somebody else act in the middle of a save, before one of the calls in ``CALLS``."""

    def __init__(self) -> None:
        self.before: str | None = None
        self.act: Callable[[], object] = lambda: None

    def _call(self, name: str) -> None:
        if name == self.before:
            self.before = None
            self.act()

    def create(self, path: Path) -> int:
        self._call("create")
        return super().create(path)

    def write(self, descriptor: int, data: memoryview) -> int:
        self._call("write")
        return super().write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        self._call("fsync")
        super().fsync(descriptor)

    def close(self, descriptor: int) -> None:
        self._call("close")
        super().close(descriptor)


@dataclass
class Writer:
    """A store as another process has it, and what it last read."""

    store: AliasStore
    disk: Meddling
    text: str = ""
    etag: str = ""


def _writer(home: Path) -> Writer:
    disk = Meddling()
    store = AliasStore(home, disk=disk)
    store.load_all()
    writer = Writer(store, disk)
    writer.text, writer.etag = store.text_of("a")
    return writer


@dataclass
class Scene:
    """Everybody, the edits that were accepted, and those that were refused."""

    home: Path
    save: Save
    accepted: list[str] = field(default_factory=list)
    refused: int = 0

    def __post_init__(self) -> None:
        open_store(self.home).create(OLD)
        self._numbers = count()
        self._writers = [_writer(self.home), _writer(self.home)]

    def play(self, steps: list[Step]) -> list[str]:
        """The accepted edits that the file does not hold in the end."""
        for who, when in steps:
            if who == EDITOR:
                self._edit_by_hand()
            elif when is None:
                writer = self._writers[who]
                writer.text, writer.etag = writer.store.text_of("a")
            else:
                self._save(self._writers[who], when)
        text = aliases_of(self.home)["a.yaml"]
        return [edit for edit in self.accepted if edit not in text]

    def _edit(self) -> str:
        return f"# edit {next(self._numbers)}.\n"

    def _edit_by_hand(self) -> None:
        """As editors save: a new file, renamed over the old one, without asking anybody."""
        file = self.home / "aliases" / "a.yaml"
        edit = self._edit()
        other = file.with_name("a.yaml~")
        other.write_text(file.read_text() + edit)
        other.replace(file)
        self.accepted.append(edit)

    def _save(self, writer: Writer, when: int) -> None:
        edit = self._edit()
        writer.disk.act = self._edit_by_hand
        writer.disk.before = CALLS[when] if when < len(CALLS) else None
        try:
            self.save(writer.store, writer.text + edit, writer.etag)
        except AliasChanged:
            self.refused += 1
        else:
            self.accepted.append(edit)
        writer.disk.before = None  # a save that was refused at once made no call to meddle with
        writer.text, writer.etag = writer.store.text_of("a")


def _properly(store: AliasStore, text: str, etag: str) -> object:
    return store.save("a", text, if_etag=etag)


steps = st.lists(
    st.one_of(
        st.tuples(st.just(EDITOR), st.none()),
        st.tuples(st.integers(0, 1), st.one_of(st.none(), st.integers(0, 3), st.just(9))),
    ),
    max_size=12,
)


def _lost(script: list[Step], save: Save) -> tuple[list[str], int]:
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder), save)
        return scene.play(script), scene.refused


STALE: list[Step] = [(0, None), (1, None), (0, 9), (1, 9)]
MEDDLED: list[Step] = [(0, None), (0, 2)]


@pytest.mark.fault("F6")
@given(steps)
@example(STALE)
@example(MEDDLED)
def test_no_accepted_edit_is_ever_lost(script: list[Step]) -> None:
    lost, _ = _lost(script, _properly)
    assert lost == []


@pytest.mark.fault("F6")
@pytest.mark.parametrize("script", [STALE, MEDDLED])
def test_who_saves_over_an_edit_that_they_have_not_seen_is_refused(script: list[Step]) -> None:
    assert _lost(script, _properly) == ([], 1)


@pytest.mark.fault("F6")
@pytest.mark.parametrize("when", CALLS)
@pytest.mark.parametrize("act", ["create", "rename"])
def test_a_file_that_somebody_makes_meanwhile_is_not_written_over(
    tmp_path: Path, act: str, when: str
) -> None:
    open_store(tmp_path).create(OLD)
    writer = _writer(tmp_path)
    theirs = alias_text("b", snapshot="theirs")
    writer.disk.act = lambda: (tmp_path / "aliases" / "b.yaml").write_text(theirs)
    writer.disk.before = when
    with pytest.raises(NameTaken):
        CHANGES[act](writer.store)
    assert aliases_of(tmp_path) == {"a.yaml": OLD, "b.yaml": theirs}


@pytest.mark.fault("F6")
def test_an_edit_made_while_the_alias_is_renamed_stays_under_the_old_name(tmp_path: Path) -> None:
    open_store(tmp_path).create(OLD)
    writer = _writer(tmp_path)
    edited = OLD + "# theirs\n"
    writer.disk.act = lambda: (tmp_path / "aliases" / "a.yaml").write_text(edited)
    writer.disk.before = "fsync"
    with pytest.raises(AliasChanged):
        writer.store.rename("a", "b", if_etag=None)
    assert aliases_of(tmp_path) == {"a.yaml": edited}


def _whatever_is_there(store: AliasStore, text: str, etag: str) -> object:
    return store.save("a", text, if_etag=None)


def _without_a_last_look(store: AliasStore, text: str, etag: str) -> object:
    stored = store.by_stem("a")
    store.reload()
    if stored is None or stored.etag != etag or store.by_stem("a") is not stored:
        raise AliasChanged("The planted defect looks once, before it begins.")
    replace_file(store.folder / "a.yaml", text.encode(), store._shelf.disk)
    store.reload()
    return stored


@pytest.mark.planted("F6")
@pytest.mark.parametrize(
    ("script", "save"), [(STALE, _whatever_is_there), (MEDDLED, _without_a_last_look)]
)
def test_a_save_that_does_not_look_would_be_found(script: list[Step], save: Save) -> None:
    lost, _ = _lost(script, save)
    assert lost


def test_the_refusal_is_a_412() -> None:
    refusal: type[BodhiError] = AliasChanged
    assert refusal.status == 412
