"""``/api/v1/session`` signs the page in and out; ``/api/v1/keys`` makes and revokes keys."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from bodhi.access.grant import EVERYTHING, grant_of
from bodhi.access.keys import KeyStore
from bodhi.access.sessions import COOKIE, SECURE_COOKIE, Session, Sessions
from bodhi.access.shown import (
    KeyList,
    KeyMade,
    NewKey,
    SessionShown,
    SignIn,
    show_key,
    show_session,
)
from bodhi.errors import (
    InvalidInput,
    KeyMissing,
    KeyNotFound,
    NameInvalid,
    NoKeyNeeded,
    OriginRefused,
    StorageFailed,
    TooManyTries,
)
from bodhi.http.callers import SESSIONS, WHO
from bodhi.http.control import refusals

_KeyId = Annotated[str, Path(min_length=1, max_length=64, examples=["1f0c9a2b3d4e"])]


def session_routes() -> APIRouter:
    """What the guard knows of the caller is in the request's scope."""
    router = APIRouter(tags=["access"])

    @router.get("/session", summary="Tell who the caller is")
    async def get_session(request: Request, response: Response) -> SessionShown:
        """Whether a key is needed, and what the caller's own key or session opens.

        This address needs no key.
        """
        response.headers["cache-control"] = "no-store"
        return _shown(request)

    @router.delete(
        "/session", summary="Sign out", status_code=204, responses=refusals(OriginRefused)
    )
    async def sign_out(request: Request, response: Response) -> None:
        """End the session and take its cookie back; without one, nothing happens."""
        session = _session_of(request)
        if session is not None:
            sessions: Sessions = request.scope[SESSIONS]
            sessions.end(session)
        for name in (COOKIE, SECURE_COOKIE):
            secure = name == SECURE_COOKIE
            response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="strict")

    _add_sign_in(router)
    return router


def _add_sign_in(router: APIRouter) -> None:
    @router.post(
        "/session",
        summary="Sign in with a key",
        responses=refusals(InvalidInput, KeyMissing, OriginRefused, NoKeyNeeded, TooManyTries),
    )
    async def sign_in(asked: SignIn, request: Request, response: Response) -> SessionShown:
        """Set a cookie that stands for the key, until it was not used for twelve hours.

        A session that came with the request ends. Changes by a session need the header
        `X-Bodhi-Csrf` and the page's own `Origin`. This address needs no key.
        """
        sessions: Sessions | None = request.scope.get(SESSIONS)
        if sessions is None:
            raise NoKeyNeeded("This server asks for no key: there is nothing to sign in to.")
        key = asked.key.get_secret_value()
        text, grant = sessions.sign_in(key, _address(request), _session_of(request))
        secure = _is_encrypted(request)
        name = SECURE_COOKIE if secure else COOKIE
        response.set_cookie(name, text, path="/", secure=secure, httponly=True, samesite="strict")
        response.headers["cache-control"] = "no-store"
        return show_session(grant, needs_key=True, signed_in=True)


def _shown(request: Request) -> SessionShown:
    if SESSIONS not in request.scope:
        return show_session(EVERYTHING, needs_key=False, signed_in=False)
    signed_in = _session_of(request) is not None
    return show_session(grant_of(request.scope), needs_key=True, signed_in=signed_in)


def _session_of(request: Request) -> Session | None:
    who = request.scope.get(WHO)
    return who if isinstance(who, Session) else None


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""


def _is_encrypted(request: Request) -> bool:
    """Whether the page itself was loaded over TLS, which ends before us: its Origin says so."""
    host = request.headers.get("host", "").lower()
    return request.headers.get("origin", "").lower() == f"https://{host}"


def key_routes(keys: KeyStore) -> APIRouter:
    """The routes over one home's keys."""
    router = APIRouter(tags=["access"])

    @router.get("/keys", summary="List keys", responses=refusals(StorageFailed))
    async def list_keys() -> KeyList:
        """Every key, the oldest first; what they say themselves is not kept."""
        found = await asyncio.to_thread(keys.all)
        return KeyList(keys=[show_key(key) for key in found])

    @router.post(
        "/keys",
        summary="Make a key",
        status_code=201,
        responses=refusals(InvalidInput, NameInvalid, StorageFailed),
    )
    async def create_key(asked: NewKey, response: Response) -> KeyMade:
        """Make a key and tell it, this once. Only one for inference can be limited to aliases."""
        key, text = await asyncio.to_thread(keys.create, asked.name, asked.scope, asked.aliases)
        response.headers["cache-control"] = "no-store"
        return KeyMade(**show_key(key).model_dump(), key=text)

    @router.delete(
        "/keys/{id}",
        summary="Revoke a key",
        status_code=204,
        responses=refusals(KeyNotFound, StorageFailed),
    )
    async def revoke_key(id: _KeyId) -> None:  # noqa: A002 - as the address calls it
        """End a key, its sessions and whatever is being answered for them, within a second."""
        await asyncio.to_thread(keys.revoke, id)

    return router
