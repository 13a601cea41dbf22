"""Conditional requests: what a caller has, or bases a change on (RFC 9110, 13.1). Pure."""

import re

from bodhi.errors import InvalidInput, PreconditionMissing

_STRONG = re.compile(r'"([!#-~]{0,200})"')


def quoted(etag: str) -> str:
    """``etag`` as the header has it."""
    return f'"{etag}"'


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Whether ``If-None-Match`` names ``etag`` (unquoted), by weak comparison."""
    if if_none_match is None:
        return False
    known = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return "*" in known or quoted(etag) in known


def based_on(if_match: str | None) -> tuple[str, ...] | None:
    """The etags that a change may be based on; None where the caller takes whatever is there.

    The ETag of an answer may be that of its subject, a dot, and that of the rest: a change is
    based on the subject. A weak etag is none. Raises PreconditionMissing without ``If-Match``,
    InvalidInput where it cannot be read.
    """
    if if_match is None:
        raise PreconditionMissing(
            "A change must say which content it is based on.",
            remedy="Send the ETag of the last answer as If-Match.",
        )
    if if_match.strip() == "*":
        return None
    etags = [one.strip() for one in if_match.split(",")]
    strong = [_STRONG.fullmatch(one.removeprefix("W/")) for one in etags]
    if not all(strong):
        raise InvalidInput(
            "If-Match must be an etag in double quotes, or *.",
            remedy="Send the ETag header as it came.",
        )
    return tuple(
        m[1].partition(".")[0] for one, m in zip(etags, strong, strict=True) if m and one[0] == '"'
    )
