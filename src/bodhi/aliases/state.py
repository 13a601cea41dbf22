"""The state of an alias, and what besides its file decides it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from bodhi.aliases.model import AliasSource
from bodhi.errors import BodhiError

State: TypeAlias = Literal["draft", "published", "modified", "testing", "error"]


def state_of(
    source: AliasSource,
    error: BodhiError | None,
    *,
    has_draft: bool = False,
    is_published: bool = True,
    in_trial: bool = False,
) -> State:
    """The first that holds: error, testing, modified, draft, published.

    ``error`` is what keeps it from serving. A *modified* alias has a draft beside its file, a
    *draft* has no file yet. A model has no drafts.
    """
    if error is not None:
        return "error"
    if in_trial:
        return "testing"
    if source is AliasSource.MODEL or (is_published and not has_draft):
        return "published"
    return "modified" if is_published else "draft"


class Activity(Protocol):
    """What is known of use, by the uid of a user alias or the name of a model."""

    def last_used(self, uid: str) -> float | None:
        """In seconds since the epoch."""

    def in_flight(self, uid: str) -> int:
        """Requests that are being answered."""


class Drafts(Protocol):
    """The drafts of aliases."""

    def by_uid(self) -> Mapping[str, str]:
        """An alias's uid -> the id of its draft."""


class Pins(Protocol):
    """What is pinned."""

    def all(self) -> Mapping[str, float]:
        """Key -> when it was pinned, in seconds since the epoch."""


class Trials(Protocol):
    """What is being tried."""

    def running(self) -> frozenset[str]:
        """The uids of aliases of which a trial is going on."""


class Nothing:
    """Nobody uses, drafts, pins or tries anything."""

    def last_used(self, uid: str) -> float | None:
        del uid
        return None

    def in_flight(self, uid: str) -> int:
        del uid
        return 0

    def by_uid(self) -> Mapping[str, str]:
        return {}

    def all(self) -> Mapping[str, float]:
        return {}

    def running(self) -> frozenset[str]:
        return frozenset()


NOTHING = Nothing()


@dataclass(frozen=True, slots=True)
class Around:
    """What decides about aliases beside their files."""

    activity: Activity = NOTHING
    drafts: Drafts = NOTHING
    pins: Pins = NOTHING
    trials: Trials = NOTHING


@dataclass(frozen=True, slots=True)
class Marks:
    """What of it belongs to one alias."""

    draft: str | None = None
    is_pinned: bool = False
    in_trial: bool = False

    def state_of(self, source: AliasSource, error: BodhiError | None) -> State:
        """The state of an alias that is in a list, so that it has a file."""
        return state_of(source, error, has_draft=self.draft is not None, in_trial=self.in_trial)
