"""What the control plane shows of keys and sessions: the types of its answers and questions."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bodhi.access.grant import Grant, KeyScope
from bodhi.access.keys import Key


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SignIn(_Asked):
    """What signs a browser in."""

    key: Annotated[SecretStr, Field(min_length=1, max_length=1024, examples=["bodhi_1f0c_..."])]


class SessionShown(_Shown):
    """Who the server takes the caller for."""

    needs_key: Annotated[bool, Field(description="Whether this server asks for keys at all.")]
    signed_in: Annotated[bool, Field(description="By a session, and not by a key that was sent.")]
    scope: Annotated[
        KeyScope | None,
        Field(description="admin: everything; inference: /v1 alone; null: nothing yet."),
    ]
    aliases: Annotated[
        list[str] | None, Field(description="What it is limited to; null where it is not.")
    ] = None
    key_id: Annotated[
        str | None,
        Field(description="Of the key behind it; `settings` for the configured one."),
    ] = None


class NewKey(_Asked):
    """What a new key is to be."""

    name: Annotated[
        str,
        Field(
            min_length=1,
            max_length=64,
            description="For whom or what it is.",
            examples=["laptop"],
        ),
    ]
    scope: KeyScope = KeyScope.INFERENCE
    aliases: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=512)]],
        Field(max_length=1000, description="For these alone; empty for all of them."),
    ] = []


class KeyShown(_Shown):
    """What is kept of a key, save its digest."""

    id: Annotated[str, Field(examples=["1f0c9a2b3d4e"])]
    name: Annotated[str, Field(examples=["laptop"])]
    scope: KeyScope
    aliases: list[str]
    created_at: Annotated[str, Field(examples=["2026-11-02T09:30:00+00:00"])]


class KeyList(_Shown):
    """Every key, the oldest first."""

    keys: list[KeyShown]


class KeyMade(KeyShown):
    """A new key with its text, which is told this once."""

    key: Annotated[str, Field(examples=["bodhi_1f0c9a2b3d4e_..."])]


def show_session(grant: Grant, *, needs_key: bool, signed_in: bool) -> SessionShown:
    """A grant as its holder is told of it."""
    return SessionShown(
        needs_key=needs_key,
        signed_in=signed_in,
        scope=grant.scope,
        aliases=None if grant.aliases is None else sorted(grant.aliases),
        key_id=grant.key_id,
    )


def show_key(key: Key) -> KeyShown:
    """A key without anything secret."""
    return KeyShown(
        id=key.id,
        name=key.name,
        scope=key.scope,
        aliases=list(key.aliases),
        created_at=key.created_at,
    )
