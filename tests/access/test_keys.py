"""Keys: shown once, kept as digests, gone when revoked, and never guessed at when in doubt."""

import json
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.access.door import Door
from bodhi.access.grant import EVERYTHING, Grant, KeyScope
from bodhi.access.keys import KeyStore, id_in
from bodhi.errors import AccessRefused, InvalidInput, KeyNotFound, NameInvalid, StorageFailed
from tests.support.server import wait_until


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> KeyStore:
    return KeyStore(home)


def opened(door: Door, text: str) -> Grant | None:
    holder = door.admit(text)
    return None if holder is None else holder.grant


def test_the_secret_is_in_no_file(home: Path, store: KeyStore) -> None:
    key, text = store.create("laptop", KeyScope.ADMIN)
    secret = text.split("_", 2)[2]
    assert len(secret) >= 43  # 256 bits, six to a letter
    written = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert key.id.encode() in written
    assert secret.encode() not in written
    assert secret not in repr(key)


def test_the_file_is_for_its_owner_alone(home: Path, store: KeyStore) -> None:
    store.create("laptop", KeyScope.ADMIN)
    path = home / "state" / "keys.json"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_another_process_reads_the_same_keys(home: Path, store: KeyStore) -> None:
    made, _ = store.create("a", KeyScope.INFERENCE, ["x:y", "x:y", "z"])
    assert KeyStore(home).all() == (made,)
    assert made.grant == Grant(KeyScope.INFERENCE, frozenset({"x:y", "z"}))


def test_a_door_admits_what_was_made_and_nothing_near_it(store: KeyStore) -> None:
    _, text = store.create("a", KeyScope.INFERENCE)
    door = Door("configured", store)
    assert opened(door, text) == Grant(KeyScope.INFERENCE)
    assert opened(door, "configured") == EVERYTHING
    for wrong in (text[:-1], text + "x", text.upper(), text.rpartition("_")[0], "", "bodhi__", " "):
        assert door.admit(wrong) is None


@given(st.text())
def test_no_text_at_all_opens_a_door_without_keys(text: str) -> None:
    assert Door(None, None).admit(text) is None
    assert isinstance(id_in(text), str)


def test_a_key_is_known_and_forgotten_within_a_second(home: Path, store: KeyStore) -> None:
    door = Door(None, KeyStore(home))
    assert door.admit("bodhi_x_y") is None
    key, text = store.create("a", KeyScope.ADMIN)
    assert wait_until(lambda: door.admit(text) is not None, 1)
    assert store.revoke(key.id) == key
    assert wait_until(lambda: door.admit(text) is None, 1)
    with pytest.raises(KeyNotFound):
        store.revoke(key.id)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"layout": 2, "keys": []}',
        b'{"layout": 1, "keys": [{}]}',
        b'{"layout": 1, "keys": [{"id": "a", "name": "a", "scope": "root", "sha256": "00"}]}',
        b"[" * 100_000,
    ],
)
def test_a_broken_file_shuts_the_door_and_is_left_as_it_is(
    home: Path, store: KeyStore, content: bytes
) -> None:
    _, text = store.create("a", KeyScope.ADMIN)
    door = Door("configured", store)
    assert door.admit(text) is not None
    path = home / "state" / "keys.json"
    path.write_bytes(content)
    assert wait_until(lambda: door.admit(text) is None, 1)
    assert opened(door, "configured") == EVERYTHING
    with pytest.raises(StorageFailed):
        store.create("b", KeyScope.ADMIN)
    assert path.read_bytes() == content


def test_a_limit_that_is_no_list_is_not_read_as_no_limit(home: Path, store: KeyStore) -> None:
    store.create("a", KeyScope.INFERENCE, ["x"])
    path = home / "state" / "keys.json"
    content = json.loads(path.read_bytes())
    content["keys"][0]["aliases"] = {}
    path.write_text(json.dumps(content))
    with pytest.raises(StorageFailed):
        store.all()


def test_keys_made_at_once_are_all_kept(home: Path) -> None:
    threads = [
        threading.Thread(target=KeyStore(home).create, args=(f"k{n}", KeyScope.ADMIN))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert {key.name for key in KeyStore(home).all()} == {f"k{n}" for n in range(8)}


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 65])
def test_a_name_that_cannot_be_shown_is_refused(home: Path, store: KeyStore, name: str) -> None:
    with pytest.raises(NameInvalid):
        store.create(name, KeyScope.ADMIN)
    assert not home.exists()


def test_an_admin_key_cannot_be_limited(store: KeyStore) -> None:
    with pytest.raises(InvalidInput):
        store.create("a", KeyScope.ADMIN, ["x"])


def test_a_limited_grant_is_for_its_aliases_alone() -> None:
    grant = Grant(KeyScope.INFERENCE, frozenset({"a:b"}))
    grant.check_alias("a:b", asked="a:b")
    grant.check_path("/v1/models")
    for other in ("a", "a:b@1", "A:B", ""):
        with pytest.raises(AccessRefused):
            grant.check_alias(other, asked=other)
    for path in ("/api/v1/engines", "//v1/models", "/V1/models", "/nowhere", "/v1"):
        with pytest.raises(AccessRefused):
            grant.check_path(path)
        EVERYTHING.check_path(path)
