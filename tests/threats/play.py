"""Plays hostile requests against a house and says what became of them otherwise than promised."""

from collections.abc import Iterable

from bodhi.params.values import JsonObject
from tests.support.server import wait_until
from tests.threats.corpus.case import Case, chat_body, post_whole
from tests.threats.house import House
from tests.threats.wire import Wire, ask

HONEST = post_whole(chat_body())


def play(house: House, case: Case) -> list[str]:
    """Send one case; what was not as promised, in words."""
    asked = len(house.engine.requests)
    try:
        with Wire(house.port) as wire:
            wire.send(*case.pieces)
            first = wire.answer() if case.expect else None
            more = wire.rest()
    except Exception as error:
        return [f"{case.name}: the answer cannot be read: {error!r}"]
    if first is None and more:
        first = more.pop(0)
    found = [] if not more else [f"{case.name}: {len(more)} more answers"]
    status = 0 if first is None else first.status
    if status not in (case.expect or (0,)):
        found.append(f"{case.name}: {status}, not {case.expect or 'nothing'} ({case.why})")
    asks = len(house.engine.requests) - asked
    if asks != case.asks:
        found.append(f"{case.name}: an engine was asked {asks} times, not {case.asks}")
    return found


def findings(house: House, cases: Iterable[Case]) -> list[str]:
    """Play all of them, then let an honest caller ask; everything that was not as promised."""
    cases = tuple(cases)
    before = len(house.engine.requests)
    found = [finding for case in cases for finding in play(house, case)]
    honest = ask(house.port, HONEST)
    if honest.status != 200:
        found.append(f"an honest request got {honest.status} afterwards")
    if not wait_until(lambda: house.is_quiet, 10):
        found.append("a connection or a request was left over")
    asked = house.engine.requests[before:]
    promised = sum(case.asks for case in cases) + 1
    if len(asked) != promised:
        found.append(f"an engine was asked {len(asked)} times, not {promised}")
    if is_hidden_asked(asked):
        found.append("a hidden request reached an engine")
    return found


def is_hidden_asked(asked: Iterable[JsonObject]) -> bool:
    """Whether an engine was asked what stands in ``HIDDEN``."""
    return any("hidden" in str(body["messages"]) for body in asked)
