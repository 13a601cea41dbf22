"""What is recorded: requests, and changes of recipes. Plain data. Pure.

A record holds names, counts and times. What was asked and answered is never in it, nor is any value
of a parameter.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, TypeAlias


class Source(StrEnum):
    """Whose recipe answered. ``none`` is a request that named nothing there is."""

    USER = "user"
    MODEL = "model"
    DRAFT = "draft"
    NONE = "none"


class Outcome(StrEnum):
    """How a request ended.

    ``finished``: the whole answer went out. ``refused``: a 4xx, the request's own matter or a full
    queue. ``failed``: a gateway or engine error in place of an answer. ``interrupted``: such an
    error after the first byte. ``left``: the caller did not wait for the end.
    """

    FINISHED = "finished"
    REFUSED = "refused"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    LEFT = "left"


class RequestRecord(NamedTuple):  # because making one is on every request's way
    """One request. ``started_at`` is in seconds since the epoch, every ``_ms`` in milliseconds.

    ``uid`` is the alias's; a model alias has none and is known by its name. Both are empty where
    nothing was resolved. ``status`` is None where the caller was gone before an answer began.
    Tokens are what the engine counted, None where its count never came. ``first_token_ms`` counts
    from the request's arrival, waiting and loading included. ``tokens_per_s`` is that of generation
    alone, during ``generation_ms``. ``overridden`` are the parameters that the caller gave another
    value than the alias, by registry key, sorted.
    """

    request_id: str
    started_at: float
    uid: str
    alias: str
    version: int | None
    source: Source
    model: str | None
    template: str | None
    endpoint: str
    outcome: Outcome
    status: int | None
    error: str | None
    prompt_tokens: int | None
    cached_tokens: int | None
    completion_tokens: int | None
    first_token_ms: float | None
    duration_ms: float
    generation_ms: float | None
    tokens_per_s: float | None
    overridden: tuple[str, ...]
    user: str | None
    key_id: str | None


class ExperimentKind(StrEnum):
    """What counts as an experiment."""

    TRIAL = "trial"
    PUBLISH = "publish"


class ExperimentRecord(NamedTuple):
    """A trial or a publish, and which fields it changed, as JSON pointers into the alias."""

    experiment_id: str
    at: float
    kind: ExperimentKind
    uid: str
    changed_fields: tuple[str, ...]


Record: TypeAlias = RequestRecord | ExperimentRecord
# Takes a record from any thread and returns at once; never raises.
Put: TypeAlias = Callable[[Record], None]


def discard(record: Record) -> None:
    """The ``Put`` of what keeps no records."""
    del record
