"""SQL in whatever a caller can write: it stays text, and no statement is put together from text."""

import ast
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote

import httpx2 as httpx
import pytest
from sqlalchemy import Connection

from bodhi.usage import writing
from tests.contract.project import Module, module, modules
from tests.support.server import wait_until
from tests.threats.house import ALIAS, FILE, REPO, House, make_place, running_house

_PAYLOADS = (
    "'", '"', "\\", "%", ";", "';--", "' OR '1'='1", '" OR ""="', "1 OR 1=1", "1); SELECT 1;--",
    "'; DROP TABLE requests; --", "'); DELETE FROM requests; --", "x' UNION SELECT key FROM keys--",
    "x'||(SELECT group_concat(sql) FROM sqlite_master)||'", "1 AND (SELECT 1 FROM requests)",
    "x' AND randomblob(900000000)--", "'; ATTACH DATABASE 'stolen.db' AS stolen; --",
    "x'; PRAGMA writable_schema=ON;--", "started_at; DROP TABLE days", "requests DESC, (SELECT 1)",
    "${1}", ":batch", "?1", "{0}", "x'--\u2028y", "/**/'/**/OR/**/1=1", "CASE WHEN 1 THEN 1 END",
    "load_extension('x')", "x' COLLATE NOCASE--", '$[0]"; DROP TABLE subjects;--',
)  # fmt: skip
_EXECUTES = {"execute", "executemany", "executescript", "exec_driver_sql", "text", "scalar"}
_GET = (
    "/api/v1/aliases?sort={0}", "/api/v1/aliases?q={0}", "/api/v1/aliases?group={0}",
    "/api/v1/aliases?facets={0}", "/api/v1/aliases?cursor={0}", "/api/v1/aliases/{0}",
    "/api/v1/usage/summary?from={0}", "/api/v1/usage/summary?to={0}",
    "/api/v1/usage/series?by={0}", "/api/v1/usage/series?every={0}",
    "/api/v1/usage/aliases?format={0}", "/api/v1/usage/aliases/{0}", "/api/v1/resolve?model={0}",
    "/api/v1/requests/{0}/explain", "/api/v1/compare?id={0}&id={0}", "/v1/models/{0}",
)  # fmt: skip


def composed(among: Iterable[Module]) -> list[str]:
    """Statements that are put together from text where they are executed."""
    return [
        f"{m.path}:{call.lineno}"
        for m in among
        for call in ast.walk(m.tree)
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", getattr(call.func, "id", None)) in _EXECUTES
        and call.args
        and _is_composed(call.args[0])
    ]


def _is_composed(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join")
    return isinstance(node, ast.JoinedStr | ast.BinOp)


@pytest.mark.threat("T11")
def test_no_statement_is_put_together_from_text() -> None:
    assert composed(modules("src")) == []


@pytest.mark.planted("T11")
@pytest.mark.parametrize(
    "argument", ['f"SELECT {x}"', '"SELECT " + x', '"SELECT %s" % x', '"SELECT {}".format(x)']
)
def test_a_statement_that_is_put_together_would_be_found(argument: str) -> None:
    source = f"def f(c, x):\n    c.execute({argument})\n"
    assert composed([module("m", source)]) == ["planted.py:2"]


def attack(house: House, payload: str) -> tuple[int, list[str]]:
    """Write the payload everywhere. How many requests are to be recorded; what went wrong."""
    found, recorded = [], 0
    body = {"model": ALIAS, "messages": [{"role": "user", "content": payload}]}
    chat = "/v1/chat/completions"
    recipe = {"name": payload, "repo": REPO, "filename": FILE}
    told = {**recipe, "name": "told", "description": payload, "tags": [payload]}
    sent: list[tuple[str, str, object, dict[str, str]]] = [
        ("POST", chat, {**body, "user": payload}, {}),
        ("POST", chat, {**body, "model": payload}, {}),
        ("POST", chat, {**body, payload: payload}, {}),
        ("POST", "/api/v1/aliases", {"recipe": recipe}, {}),
        ("POST", "/api/v1/aliases/validate", {"recipe": told}, {}),
        ("POST", "/api/v1/drafts", {"source_text": f"alias: {payload}"}, {}),
        *(("GET", path.format(quote(payload, safe="")), None, {}) for path in _GET),
    ]
    if payload.isascii():
        key = {"authorization": f"Bearer {payload}"}
        sent += [("POST", chat, body, key), ("GET", "/api/v1/usage/summary", None, key)]
    with httpx.Client(base_url=f"http://127.0.0.1:{house.port}", timeout=60) as client:
        for method, path, content, headers in sent:
            status = client.request(method, path, json=content, headers=headers).status_code
            if status >= 500:
                found.append(f"{method} {path}: {status}")
            recorded += path == chat and status != 401
    return recorded, found


def rows(home: Path) -> Iterator[tuple[str, int]]:
    """Each table and index with how many rows it has (0 for an index)."""
    with closing(opened(home)) as connection:
        names = connection.execute("SELECT type, name FROM sqlite_master").fetchall()
        for kind, name in names:
            count = f'SELECT count(*) FROM "{name}"' if kind == "table" else "SELECT 0"  # noqa: S608
            yield name, connection.execute(count).fetchone()[0]


def opened(home: Path) -> sqlite3.Connection:
    """The database, for reading; nothing is made where there is none."""
    return sqlite3.connect(f"file:{home}/state/usage.sqlite3?mode=ro", uri=True)


def count_of(home: Path, table: str = "requests") -> int:
    """-1 where the table is gone, -2 where the database cannot be read yet."""
    try:
        return dict(rows(home)).get(table, -1)
    except sqlite3.Error:
        return -2


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[House]:
    with running_house(make_place(tmp_path), usage_keep_user=True) as running:
        yield running


@pytest.mark.timeout(300)
@pytest.mark.threat("T11")
def test_sql_in_any_field_is_text(fresh: House) -> None:
    made = [attack(fresh, payload) for payload in _PAYLOADS]
    assert [one for _, found in made for one in found] == []
    number = sum(count for count, _ in made)
    assert wait_until(lambda: count_of(fresh.home) == number, 20), dict(rows(fresh.home))
    with closing(opened(fresh.home)) as connection:
        users = {row[0] for row in connection.execute("SELECT user FROM requests")}
    assert set(_PAYLOADS) <= users
    assert not list(fresh.home.rglob("stolen*"))


@pytest.mark.planted("T11")
def test_a_writer_that_pastes_what_callers_sent_would_be_found(fresh: House) -> None:
    def paste(connection: Connection, requests: list[list[str]], _: object = ()) -> int:
        raw: Any = connection.connection.dbapi_connection
        for row in requests:
            raw.executescript(f"SELECT '{row[-2]}';\nBEGIN;")
        return len(requests)

    attack(fresh, "honest text")
    assert wait_until(lambda: count_of(fresh.home) > 0, 20)
    with mock.patch.object(writing, "write", paste):
        attack(fresh, "'; DROP TABLE requests; --")
        assert wait_until(lambda: count_of(fresh.home) == -1, 20)
