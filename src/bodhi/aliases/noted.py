"""A text and what is known of it, in one file: a first line, a comment with JSON, then the text.

So both are there or neither is, nothing can get out of step, and a person can read the file. Pure.
"""

import hashlib
from typing import Any

import orjson

from bodhi.params.values import JsonObject

_BEGIN = b"# "


def join(note: JsonObject, text: bytes) -> bytes:
    """The file's bytes. The text's hash is in the first line, so that a torn file is no file."""
    return _BEGIN + orjson.dumps({**note, "etag": etag_of(text)}) + b"\n" + text


def split(data: bytes) -> tuple[dict[str, Any], bytes]:
    """(what is known, the text). Raises ValueError for what was not written whole by us."""
    first, _, text = data.partition(b"\n")
    if not first.startswith(_BEGIN):
        raise ValueError("no first line")
    note = orjson.loads(first.removeprefix(_BEGIN))
    if not isinstance(note, dict) or note.get("etag") != etag_of(text):
        raise ValueError("not the text that the first line is about")
    return note, text


def etag_of(text: bytes) -> str:
    """SHA-256 of the text, as alias files have it for an etag."""
    return hashlib.sha256(text).hexdigest()
