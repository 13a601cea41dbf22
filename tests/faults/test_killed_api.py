"""A server is killed in the middle of what its API was asked for: old or new, nothing torn or lost.

Real servers and real kills, before each of the calls that saving makes; the acts are those that
move more than one file. ``test_syscalls.py`` has every system call, below the API.
"""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.aliases.samples import open_store
from tests.faults.acts import NEW, OLD, aliases_of, make_home, trouble
from tests.support.barrage import say
from tests.support.server import running_server

_MOST_CALLS = 100
_ANY = {"if-match": "*"}


def _publish(client: httpx.Client) -> httpx.Response:
    (draft,) = client.get("/drafts").json()["drafts"]
    return client.post(f"/drafts/{draft['id']}/publish", json={"note": "why"}, headers=_ANY)


def _restore(client: httpx.Client) -> httpx.Response:
    (deleted,) = client.get("/trash").json()["trash"]
    return client.post(f"/trash/{deleted['id']}/restore")


def _rename(client: httpx.Client) -> httpx.Response:
    return client.post("/aliases/a/rename", json={"name": "b"}, headers=_ANY)


def _restore_version(client: httpx.Client) -> httpx.Response:
    return client.post("/aliases/a/versions/1/restore", json={"note": "back"}, headers=_ANY)


ASKED: dict[str, Callable[[httpx.Client], httpx.Response]] = {
    "publish": _publish,
    "restore": _restore,
    "rename": _rename,
    "restore a version": _restore_version,
}
# Before which calls the short form kills: when some of what belongs together is there.
BETWEEN = {"publish": (12, 19), "restore": (7,), "rename": (17, 19), "restore a version": (12,)}
# Where a file that is copied over the old one is half there; what else the server does just then
# may make a call of its own.
_HALF = (12, 11, 13)


def _made_home(folder: Path, act: str) -> Path:
    home = make_home(folder / "made")
    if act == "restore a version":
        open_store(home).edit("a", {("snapshot",): "new"}, if_etag=None)
    return home


def _trouble(act: str, home: Path, outcome: str | None) -> list[str]:
    """What is wrong with the home; see ``acts.trouble``."""
    if act != "restore a version":
        return trouble(act, home, outcome)
    text, store = aliases_of(home)["a.yaml"], open_store(home)
    wrong = [str(stored.problem) for stored in store.all() if stored.problem]
    if text != OLD and (text != NEW or outcome == "saved"):
        wrong.append(f"{outcome}, and the file is {text!r}")
    notes = [version.note for version in store.versions("a")]
    if notes[0] != ("back" if text == OLD else None) or len(notes) != (3 if text == OLD else 2):
        wrong.append(f"the file is {text!r}, and the notes of its versions are {notes}")
    return wrong


def _asked(act: str, home: Path, number: int, kind: str) -> str | None:
    """``saved``; None where the server was killed before its ``number``-th call meanwhile."""
    hub, armed = home.parent / "hub", home.parent / "number"
    armed.unlink(missing_ok=True)
    program = ("tests.faults.dying_server", str(armed), kind)
    with running_server(home, hub, program=program) as server, server.http() as client:
        client.base_url = f"{server.address}/api/v1"
        client.get("/aliases").raise_for_status()
        armed.write_text(str(number))
        try:
            answer = ASKED[act](client)
        except httpx.TransportError:
            server.process.wait()
            return None
        answer.raise_for_status()
        armed.unlink()
        return "saved"


def survey(
    folder: Path, act: str, numbers: Iterable[int], kind: str = "safe", *, serve: bool = False
) -> tuple[int, str]:
    """How often the server was killed, until it was quicker, and what was found wrong.

    With ``serve`` another server starts on what was left, each time.
    """
    made, home = _made_home(folder, act), folder / "home"
    killed, wrong = 0, []
    for number in numbers:
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(made, home)
        outcome = _asked(act, home, number, kind)
        wrong += [f"before call {number}: {one}" for one in _trouble(act, home, outcome)]
        if outcome is not None:
            break
        killed += 1
        if serve:
            wrong += [f"before call {number}: {one}" for one in _served_wrongly(home)]
    return killed, "\n".join(wrong)


def _served_wrongly(home: Path) -> list[str]:
    """What the next server says of what was left; it opens the files anew."""
    with running_server(home, home.parent / "hub") as server, server.http() as client:
        listed = client.get("/api/v1/aliases").json()["aliases"]
    return [f"{one['name']} cannot be read" for one in listed if one["repo"] is None]


@pytest.mark.timeout(120)
@pytest.mark.fault("F1")
@pytest.mark.parametrize("act", ASKED)
def test_a_kill_in_the_middle_of_what_was_asked_leaves_old_or_new(tmp_path: Path, act: str) -> None:
    killed, wrong = survey(tmp_path, act, BETWEEN[act])
    assert not wrong
    assert killed == len(BETWEEN[act])


@pytest.mark.soak
@pytest.mark.fault("F1")
@pytest.mark.parametrize("act", ASKED)
def test_a_kill_at_each_call_of_what_was_asked_leaves_old_or_new(tmp_path: Path, act: str) -> None:
    killed, wrong = survey(tmp_path, act, range(1, _MOST_CALLS), serve=True)
    say(f"{act}: killed before each of {killed} calls")
    assert not wrong
    assert killed >= max(BETWEEN[act])


@pytest.mark.timeout(120)
@pytest.mark.planted("F1")
def test_a_server_that_writes_into_the_old_file_would_be_found(tmp_path: Path) -> None:
    tried = (survey(tmp_path / str(number), "publish", [number], "naive") for number in _HALF)
    assert any(wrong for _, wrong in tried)
