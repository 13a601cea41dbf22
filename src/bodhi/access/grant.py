"""What a caller may do, once the guard knows who it is; travels with the request. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bodhi.errors import AccessRefused

# Where in the ASGI scope the guard leaves the grant for the planes behind it.
GRANT = "bodhi.grant"


class KeyScope(StrEnum):
    """``admin`` may do everything, ``inference`` only ask models (``/v1``)."""

    INFERENCE = "inference"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Grant:
    """A scope and, where it is limited, the aliases or models it is for (None: all of them).

    Without a scope it opens nothing. ``key_id`` says by which key it was granted, for the record;
    it permits nothing, and is None where no key is asked for.
    """

    scope: KeyScope | None
    aliases: frozenset[str] | None = None
    key_id: str | None = field(default=None, compare=False)

    def check_path(self, path: str) -> None:
        """Raise AccessRefused unless ``path`` is of a plane that is open to this scope."""
        if self.scope is not KeyScope.ADMIN and not path.startswith("/v1/"):
            raise AccessRefused(
                "This key may ask models and do nothing else.",
                remedy="Use a key with the scope admin.",
            )

    def allows(self, name: str) -> bool:
        """Whether requests may go to the alias or model of exactly this name."""
        return self.aliases is None or name in self.aliases

    def check_alias(self, name: str, *, asked: str) -> None:
        """Raise AccessRefused, in the words of who ``asked``, where :meth:`allows` says no."""
        if not self.allows(name):
            raise AccessRefused(
                f"This key is not for {asked}.",
                pointer="/model",
                remedy="GET /v1/models lists what it is for.",
            )


EVERYTHING = Grant(KeyScope.ADMIN)
NOTHING = Grant(None)


def grant_of(scope: Mapping[str, Any]) -> Grant:
    """The grant that the guard left in an ASGI scope; everything, where no guard stands."""
    grant = scope.get(GRANT, EVERYTHING)
    assert isinstance(grant, Grant)  # noqa: S101 - only the guard puts it there
    return grant
