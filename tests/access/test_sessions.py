"""Sessions: as good as their key, until they are not used, and never guessed at."""

from pathlib import Path

import pytest

from bodhi.access.door import Door
from bodhi.access.grant import EVERYTHING, KeyScope
from bodhi.access.keys import KeyStore, digest_of
from bodhi.access.sessions import IDLE_S, Sessions
from bodhi.errors import KeyMissing, TooManyTries
from tests.support.server import wait_until


class Clock:
    """Stands still until told otherwise."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path)


@pytest.fixture
def sessions(store: KeyStore, clock: Clock) -> Sessions:
    return Sessions(Door("configured", store), clock)


def test_a_key_signs_in_and_what_it_opens_is_what_the_session_opens(
    sessions: Sessions, store: KeyStore
) -> None:
    key, text = store.create("a", KeyScope.INFERENCE, ["x:y"])
    session, grant = sessions.sign_in(text, "here")
    found = sessions.find(session)
    assert found is not None
    assert found.holder.grant == grant == key.grant
    assert found.holder.grant.key_id == key.id
    assert sessions.sign_in("configured", "here")[1] == EVERYTHING


def test_what_is_kept_of_a_session_does_not_tell_its_text(sessions: Sessions) -> None:
    text, _ = sessions.sign_in("configured", "here")
    assert len(text) >= 43  # 256 bits, six to a letter
    session = sessions.find(text)
    assert session is not None
    assert session.digest == digest_of(text)
    assert text not in repr(vars(sessions))
    assert "configured" not in repr(session)
    for near in (text[:-1], text + "x", text.swapcase(), ""):
        assert sessions.find(near) is None


def test_a_session_is_over_when_it_was_not_used_for_twelve_hours(
    sessions: Sessions, clock: Clock
) -> None:
    text, _ = sessions.sign_in("configured", "here")
    for _ in range(3):
        clock.now += IDLE_S - 1
        assert sessions.find(text) is not None
    clock.now += IDLE_S + 1
    assert sessions.find(text) is None


def test_to_be_looked_at_is_not_to_be_used(sessions: Sessions, clock: Clock) -> None:
    text, _ = sessions.sign_in("configured", "here")
    session = sessions.find(text)
    assert session is not None
    clock.now += IDLE_S - 1
    assert sessions.confirm(session)
    clock.now += 2
    assert not sessions.confirm(session)


def test_signing_in_anew_ends_the_session_before(sessions: Sessions) -> None:
    first, _ = sessions.sign_in("configured", "here")
    second, _ = sessions.sign_in("configured", "here", sessions.find(first))
    assert first != second
    assert sessions.find(first) is None
    assert sessions.find(second) is not None


def test_a_session_ends_with_its_key(sessions: Sessions, store: KeyStore) -> None:
    key, text = store.create("a", KeyScope.ADMIN)
    session, _ = sessions.sign_in(text, "here")
    store.revoke(key.id)
    assert wait_until(lambda: sessions.find(session) is None, 1)


def test_a_session_ends_when_its_key_opens_something_else(
    sessions: Sessions, store: KeyStore, tmp_path: Path
) -> None:
    _, text = store.create("a", KeyScope.ADMIN)
    session, _ = sessions.sign_in(text, "here")
    path = tmp_path / "state" / "keys.json"
    changed = path.read_text(encoding="utf-8").replace('"admin"', '"inference"')
    path.write_text(changed, encoding="utf-8")
    assert wait_until(lambda: sessions.find(session) is None, 1)


def test_a_session_that_was_signed_out_is_gone_and_another_stays(sessions: Sessions) -> None:
    one, _ = sessions.sign_in("configured", "here")
    other, _ = sessions.sign_in("configured", "here")
    session = sessions.find(one)
    assert session is not None
    sessions.end(session)
    sessions.end(session)
    assert sessions.find(one) is None
    assert sessions.find(other) is not None


def test_five_wrong_keys_within_a_minute_are_enough(sessions: Sessions, clock: Clock) -> None:
    for _ in range(5):
        with pytest.raises(KeyMissing):
            sessions.sign_in("wrong", "here")
        clock.now += 1
    with pytest.raises(TooManyTries) as refused:
        sessions.sign_in("configured", "here")  # or a guesser would learn which one was right
    assert refused.value.retry_after_s == 56
    assert sessions.sign_in("configured", "elsewhere")
    clock.now += 55
    assert sessions.sign_in("configured", "here")


def test_right_keys_are_no_tries(sessions: Sessions) -> None:
    for _ in range(20):
        assert sessions.sign_in("configured", "here")


def test_neither_sessions_nor_addresses_add_up_without_end(sessions: Sessions) -> None:
    first, _ = sessions.sign_in("configured", "here")
    used, _ = sessions.sign_in("configured", "here")
    for number in range(999):
        with pytest.raises(KeyMissing):
            sessions.sign_in("wrong", f"address {number}")
        assert sessions.find(used)
        sessions.sign_in("configured", "here")
    assert sessions.find(used)
    assert sessions.find(first) is None
    assert len(sessions._sessions) == 1000
    for number in range(999, 1100):
        with pytest.raises(KeyMissing):
            sessions.sign_in("wrong", f"address {number}")
    assert len(sessions._tries._failed) == 1000
