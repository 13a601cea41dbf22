"""A real server over a small home and hub, and short ways to ask its control plane."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import httpx2 as httpx

from tests.aliases.samples import alias_text, write_file
from tests.support.hub import place_in_hub
from tests.support.server import RunningServer, running_server

MAIN = "a" * 40
REPO, FILE = "us/tiny-GGUF", "tiny.Q8_0.gguf"
MODEL_ID = "us~tiny-GGUF~Q8_0"
RECIPE = {"repo": REPO, "filename": FILE}
COMMENTED = (
    f"repo: {REPO}  # where it is\nfilename: {FILE}\n"
    "context_params:\n  ctx-size: 512  # small\n"
    "request_params:\n  temperature: 0.3\n  # what ends it\n  stop: [<end>]\n"
    "notes: ours\n"
)

Body: TypeAlias = dict[str, Any]


def patch(*edits: tuple[list[str], object]) -> Body:
    """The body of a PATCH: each path with its value."""
    return {"edits": [{"path": path, "value": value} for path, value in edits]}


@dataclass
class Served:
    """One running server. Every test makes aliases of its own, by :meth:`new`."""

    home: Path
    server: RunningServer
    client: httpx.Client
    key: str | None = None
    _numbers: Iterator[int] = field(default_factory=count)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        etag: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request; ``etag`` goes out as If-Match, in quotes unless it is ``*``."""
        sent = dict(headers or {})
        if etag is not None:
            sent["if-match"] = etag if etag == "*" else f'"{etag}"'
        if self.key is not None:
            sent["authorization"] = f"Bearer {self.key}"
        body_of = {} if body is None else {"json": body}
        return self.client.request(method, f"/api/v1{path}", headers=sent, **body_of)  # type: ignore[arg-type]

    def new_name(self) -> str:
        """A name that no alias has."""
        return f"made:{next(self._numbers)}"

    def new(self, text: str | None = None, **fields: Any) -> dict[str, Any]:
        """The detail of a new alias: from the text of a file without its name, or from fields."""
        name = self.new_name()
        recipe = {"name": name, **RECIPE, **fields}
        source = {"recipe": recipe} if text is None else {"source_text": f"alias: {name}\n{text}"}
        answer = self.ask("POST", "/aliases", source)
        assert answer.status_code == 201, answer.text
        detail: dict[str, Any] = answer.json()
        return detail

    def show(self, alias_id: str) -> dict[str, Any]:
        """The detail of an alias that is there."""
        answer = self.ask("GET", f"/aliases/{alias_id}")
        assert answer.status_code == 200, answer.text
        detail: dict[str, Any] = answer.json()
        return detail

    def file(self, alias_id: str) -> Path:
        """Where the file of an alias is."""
        return self.home / "aliases" / f"{alias_id}.yaml"


@contextlib.contextmanager
def serving(folder: Path, model: Path, *, key: str | None = None) -> Iterator[Served]:
    """A server with one model and the alias ``tiny``; with ``key``, it asks for that."""
    home, hub = folder / "home", folder / "hub"
    place_in_hub(hub, REPO, FILE, model, snapshot=MAIN, refs={"main": MAIN})
    write_file(home, "tiny", alias_text("tiny", repo=REPO, filename=FILE))
    env = {} if key is None else {"BODHI_API_KEY": key}
    with running_server(home, hub, env=env) as server, server.http() as client:
        yield Served(home, server, client, key)


def refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code and pointer of an answer that must be a refusal."""
    error = answer.json()["error"]
    assert error["message"]
    return answer.status_code, error["code"], error["pointer"]
