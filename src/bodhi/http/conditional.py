"""Answers of the control plane that are sent once: with an etag, and 304 for who has them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import Header, Response
from fastapi.responses import StreamingResponse

from bodhi.http.control import Responses
from bodhi.http.etag import is_known, quoted

UNCHANGED: Responses = {304: {"description": "Nothing changed since the etag in If-None-Match."}}

IfNoneMatch = Annotated[
    str | None, Header(description="The etag that the caller has; 304 where it still holds.")
]

IfMatch = Annotated[
    str | None,
    Header(
        description="The etag that the change is based on, as ETag or etag had it. Required; "
        "`*` takes whatever is there.",
        examples=['"9f86d081884c7d659a2feaa0c55ad015"'],
    ),
]


def respond(
    parts: Sequence[bytes],
    etag: str,
    if_none_match: str | None = None,
    *,
    status: int = 200,
    location: str | None = None,
) -> Response:
    """JSON in parts, or 304 if ``if_none_match`` names ``etag``."""
    headers = {"etag": quoted(etag), "cache-control": "no-cache"}
    if location is not None:
        headers["location"] = location
    if is_known(etag, if_none_match):
        return Response(status_code=304, headers=headers)
    headers["content-length"] = str(sum(map(len, parts)))
    return StreamingResponse(
        _one_by_one(parts), status, headers=headers, media_type="application/json"
    )


async def _one_by_one(parts: Sequence[bytes]) -> AsyncIterator[bytes]:
    """Megabytes handed over at once would keep everybody else waiting."""
    for part in parts:
        yield part
        await asyncio.sleep(0)
