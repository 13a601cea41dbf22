"""Keys: in no file, no answer and no list of processes; compared in a time that tells nothing."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson
import psutil
import pytest

from bodhi.access.door import Door
from bodhi.access.grant import KeyScope
from bodhi.access.keys import KeyStore, digest_of
from bodhi.access.sessions import Sessions
from bodhi.access.shown import show_key
from tests.contract.project import Module, module, modules
from tests.support.command_line import Machine, bodhi
from tests.support.server import running_server

CONFIGURED = "canary-configured-key-41d7"
# What holds a secret by the names that it has in this project.
_SECRET = {"key", "api_key", "secret", "token", "digest", "password", "cookie"}
# Where secrets are held; elsewhere a key is mostly one of a mapping.
_GUARDED = ("src/bodhi/access/", "src/bodhi/http/guard.py", "src/bodhi/http/callers.py")


def places_of(secrets: Iterable[str], texts: Iterable[bytes]) -> list[str]:
    """The secrets that stand in any of the texts."""
    found = b"\0".join(texts)
    return [secret for secret in secrets if secret.encode() in found]


def left_behind(home: Path) -> Iterator[bytes]:
    """Every file of a home, and the command lines of every process of this machine."""
    for path in home.rglob("*"):
        if path.is_file():
            yield path.read_bytes()
    for process in psutil.process_iter(["cmdline"]):
        yield " ".join(process.info["cmdline"] or ()).encode()


@pytest.mark.threat("T7")
def test_no_key_and_no_session_is_left_anywhere(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "home", tmp_path / "hub")
    made = bodhi(
        "keys", "create", "guest", "--scope", "admin", "--json", BODHI_HOME=str(machine.home)
    )
    key = str(made.json["key"])
    environment = {"BODHI_API_KEY": CONFIGURED}
    with running_server(machine.home, machine.hub, env=environment) as server:
        with server.http() as client:
            signed_in = client.post("/api/v1/session", json={"key": key})
            cookie = signed_in.headers["set-cookie"].split("=", 1)[1].split(";")[0]
            client.cookies.clear()
            admin = {"authorization": f"Bearer {CONFIGURED}"}
            other = client.post("/api/v1/keys", json={"name": "b"}, headers=admin).json()["key"]
            answers = [
                client.get(f"/api/v1/{path}", headers=admin).content
                for path in ("keys", "settings", "session", "aliases", "jobs")
            ]
            client.post("/api/v1/session", json={"key": key + "x"})
        secrets = [key, other, cookie, CONFIGURED]
        assert len(cookie) >= 43
        assert places_of(secrets, left_behind(machine.home)) == []
    assert places_of(secrets, [*answers, "".join(server.lines).encode()]) == []


@pytest.mark.planted("T7")
def test_a_key_that_is_left_would_be_found(tmp_path: Path) -> None:
    _, text = KeyStore(tmp_path).create("a", KeyScope.ADMIN)
    (tmp_path / "log").write_text(f"asked with {text}", encoding="utf-8")
    assert places_of([text], left_behind(tmp_path)) == [text]


def comparisons(among: Iterable[Module]) -> list[str]:
    """``==`` and ``!=`` on what is a secret by its name: they end at the first difference."""
    return [
        f"{m.path}:{node.lineno}"
        for m in among
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
        and any(_name(side) in _SECRET for side in (node.left, *node.comparators))
    ]


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _of_access() -> list[Module]:
    return [m for m in modules("src") if m.path.startswith(_GUARDED)]


@pytest.mark.threat("T8")
def test_secrets_are_compared_in_one_way_only() -> None:
    assert len(_of_access()) >= 8
    assert comparisons(_of_access()) == []


@pytest.mark.threat("T8")
def test_a_try_takes_the_same_steps_whether_the_key_is_near_far_or_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted instead of timed: as many digests and comparisons, of as many bytes."""
    steps = _steps_of(Door(CONFIGURED, KeyStore(tmp_path)), tmp_path, monkeypatch)
    assert len(set(steps.values())) == 1, steps


@pytest.mark.planted("T8")
def test_a_comparison_that_ends_early_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = module("m", "def f(key, other):\n    return key.digest == other or other != key")
    assert comparisons([planted]) == ["planted.py:2", "planted.py:2"]

    class Hasty(Door):
        def admit(self, text: str):  # type: ignore[no-untyped-def]
            return super().admit(text) if text.startswith("bodhi_") else None

    steps = _steps_of(Hasty(CONFIGURED, KeyStore(tmp_path)), tmp_path, monkeypatch)
    assert len(set(steps.values())) > 1


def _steps_of(
    door: Door, home: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, tuple[int, ...]]:
    _, text = KeyStore(home).create("a", KeyScope.ADMIN)
    compared: list[int] = []

    def counting(one: bytes, other: bytes) -> bool:
        compared.append(len(one) + len(other))
        return bool(one == other)

    monkeypatch.setattr("bodhi.access.door.hmac.compare_digest", counting)
    steps = {}
    tries = {"right": text, "near": text[:-1] + "~", "far": "bodhi_000000000000_x", "none": ""}
    for name, tried in {**tries, "configured": CONFIGURED, "near it": CONFIGURED[:-1]}.items():
        compared.clear()
        door.admit(tried)
        steps[name] = tuple(compared)
    return steps


@pytest.mark.threat("T10")
def test_keys_that_begin_alike_are_each_their_own(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    long = "same-beginning-of-forty-characters-and-more-"
    assert _mixed_up(Door(long + "a", store), [long + "a"], [long + "b", long, long + "ab"]) == []
    key, text = store.create("a", KeyScope.ADMIN)
    near = [text[:-1] + last for last in "AZ" if not text.endswith(last)]
    assert _mixed_up(Door(None, store), [text], [*near, f"bodhi_{key.id}_"]) == []


@pytest.mark.threat("T10")
def test_a_session_is_found_by_all_of_it(tmp_path: Path) -> None:
    sessions = Sessions(Door(CONFIGURED, None))
    texts = [sessions.sign_in(CONFIGURED, "here")[0] for _ in range(50)]
    found = {id(sessions.find(text)) for text in texts}
    assert len(found) == 50
    assert not any(sessions.find(text[:40]) for text in texts)


@pytest.mark.planted("T10")
def test_a_door_that_looks_at_the_beginning_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bodhi.access.door.digest_of", lambda text: digest_of(text[:40]))
    long = "same-beginning-of-forty-characters-and-more-"
    found = _mixed_up(Door(long + "a", None), [long + "a"], [long + "b"])
    assert found == [long + "b"]


def _mixed_up(door: Door, good: Iterable[str], bad: Iterable[str]) -> list[str]:
    wrong = [text for text in good if door.admit(text) is None]
    return wrong + [text for text in bad if door.admit(text) is not None]


def test_what_is_told_of_keys_has_no_digest(tmp_path: Path) -> None:
    key, _ = KeyStore(tmp_path).create("a", KeyScope.ADMIN)
    assert key.digest.hex().encode() not in orjson.dumps(show_key(key).model_dump())
