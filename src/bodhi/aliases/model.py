"""The alias itself: plain frozen data, as read from one YAML file. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bodhi.engine.contract import REMOTE_PREFIX
from bodhi.params.values import Json


class AliasSource(StrEnum):
    """Where an alias comes from. Only user aliases can be edited."""

    USER = "user"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Alias:
    """One recipe. Parameter mappings use registry keys whatever spelling the file has.

    ``request_policy`` maps a request parameter to ``"enforce"`` or ``{"clamp": [low, high]}``;
    a parameter not named there is a default. ``description`` and ``tags`` are for people and change
    no answer. ``extra`` holds every top-level key that Bodhi does not know; they are kept in the
    file as they are.
    """

    name: str
    repo: str
    filename: str
    snapshot: str | None = None
    chat_template: str | None = None
    context_params: Mapping[str, Json] = field(default_factory=dict)
    request_params: Mapping[str, Json] = field(default_factory=dict)
    request_policy: Mapping[str, Json] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)
    description: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def remote(self) -> str | None:
        """The name in ``repo: remote:NAME``; ``filename`` is then the model's name there."""
        prefix, is_remote, name = self.repo.partition(REMOTE_PREFIX)
        return name if is_remote and not prefix else None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file cannot be used: file name (no folder), line from 1 if known, reason."""

    file: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class StoredAlias:
    """An alias as the store holds it.

    ``stem`` is its URL id. ``etag`` is the SHA-256 of the file's bytes. ``problem`` is set while
    the file on disk cannot be used and ``alias`` is the last good reading (None if there was none).
    ``version`` counts the contents seen under this ``uid``, from 1.
    """

    stem: str
    uid: str
    version: int
    etag: str
    modified_at: float
    alias: Alias | None
    problem: Problem | None = None
