"""What was read of the aliases serves at the next start, for the bytes it was read from alone."""

import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

import bodhi
from bodhi.aliases import folder, housekeeping, remembered, shelf
from bodhi.aliases.folder import Reading
from bodhi.aliases.housekeeping import keep_house
from bodhi.aliases.model import Alias
from bodhi.aliases.reader import read_recipe
from bodhi.aliases.remembered import CODE, recall
from bodhi.aliases.store import AliasStore
from bodhi.aliases.writer import write_alias
from bodhi.params.values import JsonObject
from tests.aliases.documents import mappings
from tests.aliases.samples import alias_text, open_store, write_file


def remembering(home: Path) -> Path:
    """Where the readings of this home are, after a store has kept them."""
    open_store(home).remember_readings()
    return home / "state" / "readings"


def shown(home: Path) -> str:
    """All that a start shows. As text, 1, 1.0 and true differ, and .nan is itself."""
    return repr(sorted(open_store(home).view.by_stem.items()))


def shown_afresh(home: Path) -> str:
    """The same without anything remembered."""
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(home, place, dirs_exist_ok=True)
        (Path(place) / "state" / "readings").unlink()
        return shown(Path(place))


def different(home: Path) -> bool:
    return shown(home) != shown_afresh(home)


@settings(max_examples=60, deadline=None)
@given(mappings)
def test_a_recipe_comes_back_as_it_was(extra: JsonObject) -> None:
    kept = {f"x-{key}": value for key, value in extra.items() if key.isprintable()}
    text = write_alias(Alias("a", "owner/model-GGUF", "model.gguf", extra=kept, tags=("t", "u")))
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        write_file(home, "a", text)
        remembering(home)
        assert not different(home)


def test_what_is_remembered_is_not_parsed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for stem in ("a", "b", "c"):
        write_file(tmp_path, stem, alias_text(stem, request_params="{temperature: 0.5}"))
    remembering(tmp_path)
    write_file(tmp_path, "c", alias_text("c"))
    parsed: list[bytes] = []

    def noted(data: bytes) -> Alias:
        parsed.append(data)
        return read_recipe(data)

    monkeypatch.setattr(folder, "read_recipe", noted)
    open_store(tmp_path)
    assert parsed == [alias_text("c").encode()]


def _another_text(path: Path) -> None:
    path.write_text(path.read_text().replace("0.5", "0.75"))


def _same_size_and_time(path: Path) -> None:
    status = path.stat()
    path.write_text(path.read_text().replace("0.5", "0.7"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _broken(path: Path) -> None:
    path.write_text("alias: [\n")


def _renamed(path: Path) -> None:
    path.rename(path.with_name("other.yaml"))


def _exchanged(path: Path) -> None:
    other = path.with_name("b.yaml")
    mine, theirs = path.read_bytes(), other.read_bytes()
    path.write_bytes(theirs)
    other.write_bytes(mine)


CHANGES = (_another_text, _same_size_and_time, _broken, _renamed, _exchanged, Path.unlink)


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_was_changed_is_read_again(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    for stem in ("a", "b"):
        write_file(tmp_path, stem, alias_text(stem, request_params="{temperature: 0.5}"))
    remembering(tmp_path)
    change(tmp_path / "aliases" / "a.yaml")
    assert not different(tmp_path)


def test_a_reading_that_was_trusted_without_its_bytes_would_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_file(tmp_path, "a", alias_text("a", request_params="{temperature: 0.5}"))
    old = folder.read_folder(path.parent, {})
    remembering(tmp_path)
    _same_size_and_time(path)

    def trusting(_file: Path) -> dict[str, Reading]:
        new = folder.read_folder(path.parent, {})
        return {name: replace(old[name], etag=new[name].etag) for name in new}

    afresh = shown_afresh(tmp_path)
    monkeypatch.setattr(shelf, "recall", trusting)
    assert shown(tmp_path) != afresh


def test_damage_is_as_if_nothing_were_remembered(tmp_path: Path) -> None:
    write_file(tmp_path, "a", alias_text("a"))
    path = remembering(tmp_path)
    whole = path.read_bytes()
    assert recall(path).keys() == {"a.yaml"}
    chance = random.Random(7)
    for _ in range(300):
        at = chance.randrange(len(whole))
        torn = whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]
        path.write_bytes(chance.choice((torn, whole[:at], torn[at:], b"")))
        assert recall(path) == {}
        assert not different(tmp_path)


def test_a_recipe_with_what_json_cannot_say_is_read_afresh(tmp_path: Path) -> None:
    write_file(tmp_path, "a", alias_text("a", note=".nan"))
    write_file(tmp_path, "b", alias_text("b", note="[-.inf]"))
    write_file(tmp_path, "c", alias_text("c", note="-0.0"))
    write_file(tmp_path, "d", "alias: [\n")
    assert recall(remembering(tmp_path)).keys() == {"c.yaml"}
    assert not different(tmp_path)


def test_what_other_code_has_read_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file(tmp_path, "a", alias_text("a"))
    path = remembering(tmp_path)
    monkeypatch.setattr(remembered, "_code", lambda: "later")
    assert recall(path) == {}


def test_all_code_that_a_reading_depends_on_counts() -> None:
    script = (
        "import sys, bodhi.aliases.reader\n"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('bodhi')))"
    )
    child = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    package = Path(bodhi.__file__).parent
    counted = {path for pattern in CODE for path in package.glob(pattern)}
    # These decide how a refusal is said, or do nothing at import: no good reading depends on them.
    without_effect = {"errors", "files.py", "output.py", "__init__.py"}
    missing = {
        path
        for path in map(Path, child.stdout.split())
        if path not in counted and not without_effect & set(path.parts)
    }
    assert missing == set()


def test_equal_readings_are_not_written_twice(tmp_path: Path) -> None:
    write_file(tmp_path, "a", alias_text("a"))
    path = remembering(tmp_path)
    before = path.stat()
    remembering(tmp_path)
    assert path.stat().st_ino == before.st_ino


@pytest.mark.anyio
async def test_a_home_that_serves_keeps_its_readings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "_AFTER_START_S", 0)
    write_file(tmp_path, "a", alias_text("a"))
    store = AliasStore(tmp_path)
    store.load_all()
    house = asyncio.create_task(keep_house(store))
    while not (tmp_path / "state" / "readings").exists():
        assert not house.done()
        await asyncio.sleep(0.01)
    house.cancel()
