"""Conditional requests: whether a caller has what it asks for already (RFC 9110, 13.1.2). Pure."""


def quoted(etag: str) -> str:
    """``etag`` as the header has it."""
    return f'"{etag}"'


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Whether ``If-None-Match`` names ``etag`` (unquoted), by weak comparison."""
    if if_none_match is None:
        return False
    known = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return "*" in known or quoted(etag) in known
