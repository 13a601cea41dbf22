"""Whatever goes wrong, no answer and no line of the log tells a prompt, a key or a folder.

Every error of the tree that a caller can bring about is brought about, with a canary in whatever
was secret; then everything that was answered and logged is searched for them.
"""

import logging
import re
import sys
from collections.abc import Iterable, Iterator
from io import StringIO
from unittest import mock

import orjson
import pytest

from bodhi import errors, log, machine
from bodhi.engine import lease
from bodhi.errors import BodhiError
from bodhi.http.connection import Connection
from bodhi.http.errors import error_body
from tests.threats.house import make_place, running_house
from tests.threats.provocations import (
    ALIASES,
    FOLDER,
    KEY,
    NOT_SENT,
    PROMPT,
    PROVOKED,
    SETTINGS,
    Trouble,
    furnish,
)

_INSIDES = re.compile(
    rb"Traceback|File \"|\.py\b.{0,10}line|0x[0-9a-f]{6}|site-packages|/srv/|/tmp/|/home/"
)


class _Hasty(Connection):
    head_s = body_s = 0.2


def told(texts: Iterable[bytes]) -> list[str]:
    """Every canary, path and piece of a traceback in these texts."""
    found = []
    for text in texts:
        secrets = [secret for secret in (PROMPT, KEY, FOLDER) if secret.encode() in text]
        found += [f"{secret} in {text[:200]!r}" for secret in secrets]
        if inside := _INSIDES.search(text):
            found.append(f"{inside[0]!r} in {text[:200]!r}")
    return found


@pytest.fixture(scope="module")
def logged() -> Iterator[StringIO]:
    """What the server would write to standard error, by its own set-up of the log."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.getLogger("bodhi").level
    text = StringIO()
    with mock.patch.object(sys, "stderr", text):
        log.setup(logging.DEBUG)
    yield text
    root.handlers[:], level, ours = before
    root.setLevel(level)
    logging.getLogger("bodhi").setLevel(ours)


@pytest.fixture(scope="module")
def trouble(tmp_path_factory: pytest.TempPathFactory, logged: StringIO) -> Iterator[Trouble]:
    """A house full of trouble in a folder that nobody need know."""
    root = tmp_path_factory.mktemp(FOLDER)
    place = make_place(root, ALIASES)
    lesser_key = furnish(*place, root / "tiny.gguf")
    made: list[Trouble] = []

    def free_memory() -> int:
        return made[0].free

    with (
        mock.patch.object(machine, "free_memory", free_memory),
        mock.patch.object(lease, "_REAP_S", 0.02),
        running_house(place, connection=_Hasty, **SETTINGS) as house,
    ):
        made.append(Trouble(house, lesser_key))
        yield made[0]


def tree(top: type[BodhiError] = BodhiError) -> Iterator[type[BodhiError]]:
    """Every error that ``bodhi.errors`` draws."""
    if top.__module__.startswith(errors.__name__):
        yield top
    for below in top.__subclasses__():
        yield from tree(below)


def test_each_error_of_the_tree_is_brought_about_or_has_a_reason_why_not() -> None:
    assert not set(PROVOKED) & set(NOT_SENT)
    assert set(PROVOKED) | set(NOT_SENT) == set(tree())


@pytest.mark.threat("T35")
@pytest.mark.parametrize("kind", PROVOKED, ids=lambda kind: kind.__name__)
def test_an_error_tells_its_caller_no_secret(
    trouble: Trouble, logged: StringIO, kind: type[BodhiError]
) -> None:
    answer = PROVOKED[kind](trouble)
    error = orjson.loads(answer.body)["error"]
    assert (answer.status, error["code"]) == (kind.status, kind.code), error
    lines = logged.getvalue().encode()
    assert told([answer.body, *(value for _, value in answer.headers), lines]) == []


@pytest.mark.threat("T35")
def test_a_defect_is_logged_by_its_place_and_nothing_else(
    trouble: Trouble, logged: StringIO
) -> None:
    PROVOKED[BodhiError](trouble)
    line = orjson.loads(logged.getvalue().splitlines()[-1])
    assert "KeyError at gateway/routes.py" in line["message"]
    assert told([logged.getvalue().encode()]) == []


@pytest.mark.planted("T35")
def test_a_server_that_tells_would_be_found(
    trouble: Trouble, logged: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_its_text(error: Exception) -> BodhiError:
        return error if isinstance(error, BodhiError) else BodhiError(f"It failed: {error}")

    monkeypatch.setattr("bodhi.gateway.routes.as_bodhi_error", with_its_text)
    found = told([PROVOKED[BodhiError](trouble).body])
    assert [finding.split(" ")[0] for finding in found] == [PROMPT, KEY, FOLDER]


@pytest.mark.planted("T35")
def test_a_log_that_tells_would_be_found() -> None:
    text = StringIO()
    logger = logging.Logger("planted")  # noqa: LOG001 - nobody else may hear of it
    logger.addHandler(logging.StreamHandler(text))
    try:
        raise KeyError(PROMPT)
    except KeyError:
        logger.exception("a request failed in %s", f"/tmp/{FOLDER}")  # noqa: S108 - none is used
    assert len(told(line.encode() for line in text.getvalue().splitlines())) >= 4


@pytest.mark.planted("T35")
def test_an_error_that_names_a_path_would_be_found() -> None:
    assert told([error_body(BodhiError(f"It was expected at /srv/{FOLDER}/x.gguf."))])
