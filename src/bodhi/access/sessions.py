"""Sessions of the page: who signed in with a key, for as long as they ask and the key is good.

A session is 256 random bits in a cookie, of which only the SHA-256 is kept, in memory: a server
that starts anew knows none. It is over once its key was revoked, or opens anything else than when
it was shown.
"""

import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bodhi.access.door import Door, Holder
from bodhi.access.grant import Grant
from bodhi.access.keys import digest_of
from bodhi.errors import KeyMissing, TooManyTries

# The cookie of a session. Browsers take the second from an encrypted address only, for it alone.
COOKIE = "bodhi_session"
SECURE_COOKIE = "__Host-bodhi_session"

IDLE_S = 12 * 3600.0
_MOST_SESSIONS = 1000
_TRIES = 5
_TRIES_WITHIN_S = 60.0
_MOST_ADDRESSES = 1000


@dataclass(slots=True, eq=False)
class Session:
    """One browser that signed in. ``seen_at`` is by the clock of the sessions, in seconds."""

    holder: Holder
    seen_at: float
    digest: bytes = field(repr=False)


class Sessions:
    """All of them. For the event loop's thread alone; ``clock`` tells seconds, ever more."""

    def __init__(self, door: Door, clock: Callable[[], float] = time.monotonic) -> None:
        self._door = door
        self._clock = clock
        # The one that was seen longest ago is the first.
        self._sessions: dict[bytes, Session] = {}
        self._tries = _Tries(clock)

    def sign_in(self, key: str, address: str, before: Session | None = None) -> tuple[str, Grant]:
        """The text of a new session for the holder of ``key``; ``before`` ends with it.

        Raises KeyMissing for a key that nobody knows, and TooManyTries, whatever the key, for an
        ``address`` that sent five of those within a minute.
        """
        self._tries.check(address)
        holder = self._door.admit(key)
        if holder is None:
            self._tries.note(address)
            raise KeyMissing("This key is not known.", remedy="bodhi keys create makes one.")
        if before is not None:
            self.end(before)
        text = secrets.token_urlsafe(32)
        session = Session(holder, self._clock(), digest_of(text))
        self._sessions[session.digest] = session
        if len(self._sessions) > _MOST_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        return text, holder.grant

    def find(self, text: str) -> Session | None:
        """The session of this text, which has been seen now; None if there is none any more."""
        session = self._sessions.get(digest_of(text))
        if session is None or not self.confirm(session):
            return None
        session.seen_at = self._clock()
        self._sessions[session.digest] = self._sessions.pop(session.digest)
        return session

    def confirm(self, who: Session | Holder) -> bool:
        """Whether ``who`` may still do all it could; a session that may not is over."""
        holder = who.holder if isinstance(who, Session) else who
        now = self._door.confirm(holder)
        is_good = now is not None and now.grant == holder.grant
        if not isinstance(who, Session):
            return is_good
        if not is_good or self._clock() - who.seen_at > IDLE_S:
            self.end(who)
        return who.digest in self._sessions

    def end(self, session: Session) -> None:
        """Sign out; one that is over already is no error."""
        self._sessions.pop(session.digest, None)


class _Tries:
    """When each address sent keys that nobody knows, lately."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failed: dict[str, deque[float]] = {}

    def check(self, address: str) -> None:
        failed = self._failed.get(address)
        if failed is not None and len(failed) == _TRIES:
            wait = failed[0] + _TRIES_WITHIN_S - self._clock()
            if wait > 0:
                raise TooManyTries(
                    f"There were {_TRIES} wrong keys within a minute.",
                    remedy="Wait a minute.",
                    retry_after_s=int(wait) + 1,
                )

    def note(self, address: str) -> None:
        # Put behind the others: the one that goes is the one that is quiet longest.
        failed = self._failed.pop(address, None) or deque(maxlen=_TRIES)
        failed.append(self._clock())
        self._failed[address] = failed
        if len(self._failed) > _MOST_ADDRESSES:
            del self._failed[next(iter(self._failed))]
