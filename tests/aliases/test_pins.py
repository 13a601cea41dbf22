"""Pins: they outlive restarts, renames and the trash, and no damage to their file harms more."""

from pathlib import Path

import pytest

from bodhi.aliases.pins import Pins
from bodhi.errors import StorageFailed
from tests.aliases.samples import alias_text, open_store
from tests.faults.test_failing_disk import FailingDisk


def test_what_is_pinned_stays_pinned_until_it_is_not(tmp_path: Path) -> None:
    pins = Pins(tmp_path)
    assert pins.all() == {}
    for key in ("b", "a", "owner~repo~Q8_0", "b"):
        pins.add(key)
    assert list(pins.all()) == list(Pins(tmp_path).all()) == ["b", "a", "owner~repo~Q8_0"]
    pins.remove("a", "never pinned")
    assert pins.has("b")
    assert not pins.has("a")
    assert list(Pins(tmp_path).all()) == ["b", "owner~repo~Q8_0"]


def test_a_pin_goes_with_the_alias_and_not_with_its_name(tmp_path: Path) -> None:
    store, pins = open_store(tmp_path), Pins(tmp_path)
    stored = store.create(alias_text("a"))
    pins.add(stored.uid)
    renamed = store.rename("a", "b", if_etag=None)
    back = store.restore(store.delete("b", if_etag=None).id)
    assert pins.has(renamed.uid)
    assert pins.has(back.uid)
    assert not pins.has(store.create(alias_text("a")).uid)


def test_two_processes_see_each_other_s_pins(tmp_path: Path) -> None:
    one, other = Pins(tmp_path), Pins(tmp_path)
    one.add("a")
    other.add("b")
    assert one.all().keys() == other.all().keys() == {"a", "b"}
    other.remove("a")
    assert not one.has("a")


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"a": "b"}', b"\xff", b'{"a": true}'])
def test_a_damaged_file_is_moved_aside(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "state" / "pins.json"
    path.parent.mkdir()
    path.write_bytes(damage)
    pins = Pins(tmp_path)
    assert pins.all() == {}
    pins.add("a")
    assert pins.has("a")
    aside = [one for one in path.parent.iterdir() if "damaged" in one.name]
    assert [one.read_bytes() for one in aside] == [damage]


def test_a_pin_that_could_not_be_saved_is_none(tmp_path: Path) -> None:
    disk = FailingDisk()
    pins = Pins(tmp_path, disk=disk)
    pins.add("a")
    disk.fail_at = disk.calls + 1
    with pytest.raises(StorageFailed):
        pins.add("b")
    assert list(pins.all()) == list(Pins(tmp_path).all()) == ["a"]
    pins.add("b")
    assert pins.has("b")
