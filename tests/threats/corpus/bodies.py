"""Bodies that are no JSON, or JSON that two parsers read in two ways.

Duplicate keys are not among them: the last one counts, and what an engine is sent was written
anew from what was read, so that it cannot read them otherwise.
"""

from collections.abc import Iterable

from tests.threats.corpus.case import BODY, REFUSED, SERVED, Case, chat_body, post_whole

_NO_JSON: tuple[tuple[str, bytes], ...] = (
    ("nothing", b""),
    ("a space", b" "),
    ("NULs", b"\0\0\0\0"),
    ("open", b"{"),
    ("closed", b"}"),
    ("a lonely key", b'{"model"}'),
    ("a key without value", b'{"model":}'),
    ("a value without key", b'{:"honest"}'),
    ("no colon", b'{"model" "honest"}'),
    ("two colons", b'{"model"::"honest"}'),
    ("no comma", b'{"model":"honest" "stream":true}'),
    ("two commas", b'{"model":"honest",,"stream":true}'),
    ("a comma too much", BODY[:-1] + b",}"),
    ("a comma in front", b'{,"model":"honest"}'),
    ("a comma too much in a list", b'{"model":"honest","stop":["a",]}'),
    ("single quotes", BODY.replace(b'"', b"'")),
    ("no quotes", b"{model:honest}"),
    ("an unquoted key", b'{model:"honest"}'),
    ("a number for a key", b'{1:"honest"}'),
    ("null for a key", b'{null:"honest"}'),
    ("a line comment", b"// hi\n" + BODY),
    ("a block comment", b"/* hi */" + BODY),
    ("a comment inside", b'{/**/"model":"honest"}'),
    ("a hash comment", b"# hi\n" + BODY),
    ("a byte order mark", b"\xef\xbb\xbf" + BODY),
    ("UTF-16 with a mark", BODY.decode().encode("utf-16")),
    ("UTF-16, little end", BODY.decode().encode("utf-16-le")),
    ("UTF-16, big end", BODY.decode().encode("utf-16-be")),
    ("UTF-32", BODY.decode().encode("utf-32")),
    ("UTF-7", b"+AHsAfQ-"),
    ("a byte behind", BODY + b"x"),
    ("a brace behind", BODY + b"}"),
    ("a NUL behind", BODY + b"\0"),
    ("another object behind", BODY + BODY),
    ("another object on the next line", BODY + b"\n" + BODY),
    ("a form feed in front", b"\x0c" + BODY),
    ("a vertical tab in front", b"\x0b" + BODY),
    ("a no-break space in front", b"\xc2\xa0" + BODY),
    ("a line separator in front", b"\xe2\x80\xa8" + BODY),
    ("cut in the middle", BODY[: len(BODY) // 2]),
    ("cut before the last brace", BODY[:-1]),
    ("cut in a text", b'{"model":"hon'),
    ("cut in an escape", b'{"model":"hon\\u00'),
    ("a text without end", b'{"model":"honest}'),
    ("YAML", b"model: honest\n"),
    ("XML", b"<model>honest</model>"),
    ("a form", b"model=honest&stream=true"),
    ("JSON with padding", b"f(" + BODY + b")"),
    ("a prefix against hijacking", b")]}'," + BODY),
    ("JSON5", b"{model:'honest',}"),
    ("MessagePack", b"\x81\xa5model\xa6honest"),
    ("gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00"),
)

_NO_OBJECTS: tuple[bytes, ...] = (
    b"null",
    b"true",
    b"false",
    b"0",
    b"-1.5e3",
    b'"honest"',
    b"[]",
    b"[" + BODY + b"]",
)

# As the value of a field that nobody looks at, so that only the reader of JSON can refuse it.
_NO_NUMBERS: tuple[bytes, ...] = (
    b"NaN",
    b"nan",
    b"Infinity",
    b"-Infinity",
    b"inf",
    b"1e400",
    b"-1e400",
    b"1e99999999999",
    b"9" * 4301,
    b"-" + b"9" * 4301,
    b"9" * 100_000,
    b"01",
    b"-01",
    b"00",
    b"+1",
    b".5",
    b"5.",
    b"-.5",
    b"1.e1",
    b"1e",
    b"1e+",
    b"1e1.5",
    b"--1",
    b"-",
    b"0x10",
    b"0b1",
    b"0o7",
    b"1_000",
    b"1,5",
    b"1 0",
    b"1f",
    b"True",
    b"None",
    b"undefined",
    b"tru",
    b"nul",
    b"TRUE",
    b"\xef\xbc\x91",  # a wide digit
    b"\xd9\xa3",  # an Arabic digit
)

# Between the quotes of a text.
_NO_TEXTS: tuple[tuple[str, bytes], ...] = (
    ("a lone high surrogate", b"\\ud800"),
    ("a lone low surrogate", b"\\udc00"),
    ("a high surrogate and a letter", b"\\ud800a"),
    ("a high surrogate and an escape", b"\\ud800\\n"),
    ("two high surrogates", b"\\ud800\\ud800"),
    ("surrogates the wrong way round", b"\\udc00\\ud800"),
    ("a surrogate written as UTF-8", b"\xed\xa0\x80"),
    ("a pair written as UTF-8", b"\xed\xa0\xbd\xed\xb8\x80"),
    ("a byte of no character", b"\xff"),
    ("a continuation alone", b"\x80"),
    ("a character cut off", b"\xe2\x82"),
    ("an overlong slash", b"\xc0\xaf"),
    ("an overlong NUL", b"\xc0\x80"),
    ("an overlong of three", b"\xe0\x80\xaf"),
    ("beyond Unicode", b"\xf4\x90\x80\x80"),
    ("five bytes", b"\xf8\x88\x80\x80\x80"),
    ("Latin-1", b"\xe9"),
    ("a raw NUL", b"\x00"),
    ("a raw newline", b"\n"),
    ("a raw tab", b"\t"),
    ("a raw CR", b"\r"),
    ("a raw escape", b"\x1b"),
    ("a raw control byte", b"\x1f"),
    ("an escape of nothing", b"\\"),
    ("an escape that is none", b"\\x41"),
    ("an octal escape", b"\\101"),
    ("an escaped apostrophe", b"\\'"),
    ("an escaped NUL of C", b"\\0"),
    ("a wide escape", b"\\U0001F600"),
    ("an escape with braces", b"\\u{41}"),
    ("an escape too short", b"\\u41"),
    ("an escape with other digits", b"\\u00g1"),
    ("an escape with a sign", b"\\u+041"),
)


def _nested(depth: int, opening: bytes, closing: bytes, inner: bytes = b"1") -> bytes:
    """A chat request with ``depth`` containers in all, one in another."""
    inside = opening * (depth - 1) + inner + closing * (depth - 1)
    return BODY[:-1] + b',"metadata":' + inside + b"}"


_DEEP: tuple[tuple[str, bytes], ...] = (
    ("101 lists", _nested(101, b"[", b"]")),
    ("101 objects", _nested(101, b'{"a":', b"}")),
    ("500 lists", _nested(500, b"[", b"]")),
    ("1,023 lists", _nested(1023, b"[", b"]")),
    ("1,024 lists", _nested(1024, b"[", b"]")),
    ("5,000 lists", _nested(5000, b"[", b"]")),
    ("100,000 lists", _nested(100_000, b"[", b"]")),
    ("100,000 objects", _nested(100_000, b'{"a":', b"}")),
    ("100,000 lists without end", b'{"model":' + b"[" * 100_000),
    ("a million lists without end", b"[" * 1_000_000),
    ("objects and lists in turn", _nested(101, b'{"a":[', b"]}")),
    (
        "a deep schema",
        BODY[:-1] + b',"tools":[{"function":{"name":"f","parameters":'
        + b'{"a":' * 100 + b"1" + b"}" * 100 + b"}}]}",
    ),
    ("deep in a message", chat_body().replace(b'"hi"', b"[" * 100 + b"]" * 100)),
    (
        "deep beside many that are shallow",
        BODY[:-1] + b',"stop":[' + b"[],"*500 + b"[" * 101 + b"]" * 101 + b"]}",
    ),
)  # fmt: skip

_SERVED: tuple[tuple[str, bytes], ...] = (
    ("spaces around", b" \t\r\n" + BODY + b" \t\r\n"),
    ("an escaped key", BODY.replace(b'"model"', b'"\\u006dodel"')),
    ("a pair of surrogates", BODY.replace(b"hi", b"\\ud83d\\ude00")),
    ("an escaped NUL", BODY.replace(b"hi", b"a\\u0000b")),
    ("a raw DEL", BODY.replace(b"hi", b"a\x7fb")),
    ("a noncharacter", BODY.replace(b"hi", b"\xef\xbf\xbf")),
    ("a byte order mark in a text", BODY.replace(b"hi", b"\xef\xbb\xbf")),
    ("an exponent", BODY[:-1] + b',"temperature":5E-1}'),
    ("a number too small", BODY[:-1] + b',"temperature":1e-400}'),
    ("minus zero", BODY[:-1] + b',"temperature":-0.0}'),
    ("100 lists", _nested(100, b"[", b"]")),
    ("many brackets in a text", BODY.replace(b"hi", b"[{" * 50_000)),
    ("duplicate keys", BODY[:-1] + b',"temperature":9,"temperature":0.5}'),
)


def _refused(kind: str, rows: Iterable[tuple[str, bytes]], why: str) -> tuple[Case, ...]:
    return tuple(Case(f"{kind}: {name}", (post_whole(data),), REFUSED, why) for name, data in rows)


def _with_number(number: bytes) -> bytes:
    return BODY[:-1] + b',"metadata":{"x":' + number + b"}}"


CASES: tuple[Case, ...] = (
    *_refused("no JSON", _NO_JSON, "RFC 8259 has no such text"),
    *_refused("no object", ((repr(d[:20])[1:], d) for d in _NO_OBJECTS), "a request is an object"),
    *_refused(
        "number",
        ((f"{n[:20]!r}, {len(n)} bytes", _with_number(n)) for n in _NO_NUMBERS),
        "no number, or one that no double holds",
    ),
    *_refused(
        "text",
        ((name, BODY.replace(b"hi", text)) for name, text in _NO_TEXTS),
        "no Unicode, or no escape of JSON",
    ),
    *_refused(
        "key", ((name, BODY.replace(b"model", text)) for name, text in _NO_TEXTS[:9]), "as in texts"
    ),
    *_refused("depth", _DEEP, "at most 100 containers in each other"),
    *(
        Case(f"JSON: {name}", (post_whole(data),), SERVED, "every parser reads this so", 1)
        for name, data in _SERVED
    ),
)
