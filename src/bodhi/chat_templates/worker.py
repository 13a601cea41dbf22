"""The one place where chat templates are rendered: a small program in a limited process.

Run by file path with ``python -I``; imports nothing but the standard library and jinja2. Templates
come from strangers. The sandbox keeps them from what they must not reach, and this process from
what it does not stop: it has little memory, little processor time, no new files, no children, and
nothing of the server in it. Whoever started it ends it when a template takes too long.

Frames are four bytes of length, big-endian, and that many bytes. In: JSON ``{"template": text,
"variables": {...}}``. Out: ``R`` once when ready, then for each frame ``P`` and the prompt as
UTF-8, or ``E`` and JSON ``{"kind", "message", "line", "column"}``; for the kinds see ``Kind`` in
``render.py``.

The environment is that of the transformers documentation, "Chat templates": ``trim_blocks``,
``lstrip_blocks``, loop controls, ``raise_exception``, ``strftime_now``, a ``tojson`` that escapes
neither HTML nor letters, and ``generation`` blocks, which mark text and do not change it.
"""

import ctypes
import json
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import Template, nodes
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError
from jinja2.ext import Extension, loopcontrols
from jinja2.lexer import TokenStream, newline_re
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_MEMORY_BYTES = 256 << 20
# A second line behind the wall clock of whoever started us, which may itself be stopped.
_PROCESSOR_S = 3
_OUTPUT_BYTES = 4 << 20
_INPUT_BYTES = 64 << 20
_MESSAGE_LETTERS = 500
_NICENESS = 10
_OOM_SCORE = "900"
_GLOBALS = ("range", "dict", "namespace", "joiner", "cycler")
# Whatever imports a module, or reads a file, only when it is first used: no file is opened later.
_WARMING = (
    "{{ strftime_now('%Y') }}{{ [] | tojson }}{{ 'a' | wordwrap }}{{ 'a'.encode('ascii') }}",
    *("{% x", "{{ 1 / 0 }}"),
)
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


class _Refused(TemplateError):
    """What ``raise_exception`` raises: the template's author refuses these messages."""


class _TooLong(Exception):
    """The prompt is beyond what anybody could use."""


class _Place(int):
    """A line number that knows its column; both count from 1."""

    column: int


class _Generation(Extension):
    """``{% generation %}`` marks what a model wrote, for training; here it is its content."""

    tags = {"generation"}  # noqa: RUF012 - as jinja2 declares it

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.Scope(body).set_lineno(line)


class _Environment(ImmutableSandboxedEnvironment):
    """Says the column of a syntax error, too."""

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        raw = self.lexer.tokeniter(source, name, filename, state)
        return TokenStream(self.lexer.wrap(_placed(raw, source), name, filename), name, filename)


def _placed(raw: Iterator[tuple[int, str, str]], source: str) -> Iterator[tuple[int, str, str]]:
    """The tokens with their columns. Together they are the source, save for stripped blanks."""
    text = "\n".join(newline_re.split(source)[::2])
    end = 0
    try:
        for line, kind, value in raw:
            start = max(text.find(value, end), end)
            end = start + len(value)
            yield _place(line, text, start), kind, value
    except TemplateSyntaxError as error:
        error.lineno = _place(error.lineno, text, end)
        raise


def _place(line: int, text: str, offset: int) -> _Place:
    place = _Place(line)
    place.column = offset - text.rfind("\n", 0, offset)
    return place


def _raise_exception(message: object) -> NoReturn:
    raise _Refused(str(message))


def _strftime_now(form: str) -> str:
    return datetime.now().strftime(form)  # noqa: DTZ005 - the user's own clock is meant


def _tojson(
    value: object,
    ensure_ascii: bool = False,
    indent: int | str | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )


def _environment() -> _Environment:
    environment = _Environment(
        trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols, _Generation]
    )
    known = environment.globals
    environment.globals = {name: known[name] for name in _GLOBALS}
    environment.globals |= {"raise_exception": _raise_exception, "strftime_now": _strftime_now}
    environment.filters["tojson"] = _tojson
    return environment


_ENVIRONMENT = _environment()


@lru_cache(maxsize=16)
def _compiled(text: str) -> Template:
    return _ENVIRONMENT.from_string(text)


def _render(text: str, variables: dict[str, Any]) -> bytes:
    """The prompt as UTF-8, given up as soon as it is too long."""
    template = _compiled(text)
    pieces, length = [], 0
    # Not render(): that rewrites the traceback in which the template's line is found.
    for piece in template.root_render_func(template.new_context(variables)):
        length += len(piece)
        if length > _OUTPUT_BYTES:
            raise _TooLong
        pieces.append(piece)
    prompt = "".join(pieces).encode()
    if len(prompt) > _OUTPUT_BYTES:
        raise _TooLong
    return prompt


def _answer(job: bytes) -> bytes:
    try:
        asked = json.loads(job)
        return b"P" + _render(asked["template"], asked["variables"])
    except MemoryError:
        return _error("memory", "", None)
    except _TooLong:
        return _error("output", "", None)
    except TemplateSyntaxError as error:
        return _error("syntax", error.message or "", error.lineno)
    except (OSError, ImportError) as error:  # their texts name folders
        return _error("forbidden", "", _line(error))
    except Exception as error:
        return _error(_kind(error), str(error), _line(error))


def _kind(error: Exception) -> str:
    if isinstance(error, _Refused):
        return "refused"
    return "forbidden" if isinstance(error, SecurityError) else "failed"


def _line(error: Exception) -> int | None:
    """The line of the template that the error came through last, or None."""
    found, step = None, error.__traceback__
    while step is not None:
        template = step.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            found = template.get_corresponding_lineno(step.tb_lineno)
        step = step.tb_next
    return found


def _error(kind: str, message: str, line: int | None) -> bytes:
    told = {
        "kind": kind,
        "message": _ADDRESS.sub("", message[:_MESSAGE_LETTERS]),
        "line": line,
        "column": getattr(line, "column", None),
    }
    return b"E" + json.dumps(told).encode()


def _tie_to_parent(parent_pid: int) -> None:
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # The parent may have died before the kernel was asked.
    if sys.platform != "win32" and os.getppid() != parent_pid:
        os._exit(1)


def _confine() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the parent
    if sys.platform == "win32":
        return
    import resource

    os.nice(_NICENESS)  # answers that are being relayed go first
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE, encoding="ascii")
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: 3,
        resource.RLIMIT_AS: _MEMORY_BYTES,
    }
    for which, most in limits.items():
        with suppress(OSError, ValueError):  # not every system knows every limit
            resource.setrlimit(which, (most, most))


def _limit_processor() -> None:
    """Counted from now: the process lives on, and what it used before is no template's fault."""
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + _PROCESSOR_S
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _read(count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        piece = os.read(0, min(count - len(data), 1 << 16))
        if not piece:
            os._exit(0)  # the parent is gone, or wants us no more
        data += piece
    return bytes(data)


def _write(frame: bytes) -> None:
    rest = memoryview(len(frame).to_bytes(4, "big") + frame)
    while rest:
        rest = rest[os.write(1, rest) :]


def main() -> None:
    """Answer until standard input ends."""
    _tie_to_parent(int(sys.argv[1]))
    for warm in _WARMING:
        _answer(json.dumps({"template": warm, "variables": {}}).encode())
    _confine()
    _write(b"R")
    while True:
        length = int.from_bytes(_read(4), "big")
        if length > _INPUT_BYTES:
            os._exit(1)
        job = _read(length)
        _limit_processor()
        _write(_answer(job))


if __name__ == "__main__":
    main()
