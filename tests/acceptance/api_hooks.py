"""Loaded by schemathesis: most made-up requests get the id of something that is there.

Without it almost every request that names an object would name none. Some keep what was made up. An
act that uses an object up gets one of its own, the others share theirs until it is gone. What was
answered is counted by operation and status, for the test that started it all.
"""

import atexit
import base64
import json
import os
import zlib
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import httpx2 as httpx
import schemathesis
from schemathesis import Case, HookContext, Response

from tests.acceptance.api_tried import ADDRESS, COUNTED, KEY
from tests.acceptance.holding_hub import HELD, LET_GO
from tests.aliases.archives import named
from tests.threats.house import ALIAS, FILE, REPO

_RECIPE = {"repo": REPO, "filename": FILE}
_MESSAGES: Any = [{"role": "user", "content": "Hello!"}]
_USES_UP = ("/rename", "/publish", "/restore", "/cancel", "/resume")
_ENDS_A_JOB = ("/cancel", "/resume")
_ARCHIVE = base64.b64encode(named("a.yaml")).decode()
# One in so many stays as it was made up.
_LEFT = 4


class Things:
    """Makes objects at the server that is tried, and remembers those that are shared."""

    def __init__(self, address: str, key: str) -> None:
        headers = {"authorization": f"Bearer {key}"}
        self._client = httpx.Client(base_url=address, headers=headers, timeout=30)
        self._numbers = count()
        self._shared: dict[str, str] = {}
        self._makers: dict[str, Callable[[], str]] = {
            "/aliases/{id}": self._alias,
            "/usage/aliases/{id}": self._alias,
            "/pins/{id}": self._alias,
            "/drafts/{id}": self._draft,
            "/trash/{id}": self._trashed,
            "/models/{id}": self._model,
            "/requests/{id}": self._request,
            "/engines/{engine_id}": self._engine,
            "/presets/{name}": self._preset,
            "/templates/{name}": self._template,
            "/jobs/{id}": self._job,
            "/keys/{id}": self._key,
        }

    def find(self, path: str, method: str) -> dict[str, object]:
        """What the path's parameters may be; empty where it has none."""
        kind = next((kind for kind in self._makers if path.startswith(f"/api/v1{kind}")), None)
        if kind is None:
            return {}
        if path.endswith(_ENDS_A_JOB):
            made = self._held_job(is_cancelled=path.endswith("/resume"))
        elif method == "DELETE" or path.endswith(_USES_UP):
            made = self._makers[kind]()
        else:
            made = self._shared.get(kind) or self._makers[kind]()
            self._shared[kind] = made
        if path.endswith("/versions/{version}/restore"):
            self._ask("PATCH", f"/aliases/{made}", {"edits": [_edit(next(self._numbers))]})
        parameter = kind[kind.index("{") + 1 : -1]
        return {parameter: made, **({"version": 1} if "{version}" in path else {})}

    def is_gone(self, value: object) -> None:
        """The next one who wants it gets another."""
        self._shared = {kind: made for kind, made in self._shared.items() if made != value}

    def aliases(self) -> list[str]:
        """Ids of two aliases."""
        return [str(self.find("/api/v1/aliases/{id}", "GET")["id"]), ALIAS]

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"if-match": "*"} if method in ("DELETE", "PATCH") else {}
        answer = self._client.request(method, f"/api/v1{path}", json=body, headers=headers)
        answer.raise_for_status()
        return answer.json()

    def new(self) -> str:
        """A name that nothing has."""
        return f"made-{next(self._numbers)}"

    def _alias(self) -> str:
        made = self._ask("POST", "/aliases", {"recipe": {"name": self.new(), **_RECIPE}})
        return str(made["id"])

    def _draft(self) -> str:
        text = f"alias: {self.new()}\nrepo: {REPO}\nfilename: {FILE}\n"
        return str(self._ask("POST", "/drafts", {"source_text": text})["id"])

    def _trashed(self) -> str:
        return str(self._ask("DELETE", f"/aliases/{self._alias()}")["id"])

    def _model(self) -> str:
        model = self._ask("GET", "/models")["models"][0]
        return f"{model['repo'].replace('/', '~')}~{model['quantization']}"

    def batch(self) -> object:
        """One change of one alias."""
        made = self._ask("POST", "/aliases", {"recipe": {"name": self.new(), **_RECIPE}})
        item = {"id": made["id"], "etag": made["etag"]}
        return {"items": [item], "change": {"action": "tag", "tags": ["work"]}}

    def _chat(self) -> httpx.Response:
        body = {"model": ALIAS, "messages": _MESSAGES}
        answer = self._client.post("/v1/chat/completions", json=body)
        answer.raise_for_status()
        return answer

    def _request(self) -> str:
        return self._chat().headers["x-request-id"]

    def _engine(self) -> str:
        self._chat()
        return str(self._ask("GET", "/engines")["engines"][0]["id"])

    def _preset(self) -> str:
        return str(self._ask("PUT", f"/presets/{self.new()}", {"title": "One"})["name"])

    def _template(self) -> str:
        name = self.new()
        self._ask("PUT", f"/templates/{name}", {"text": "{{ bos_token }}"})
        return name

    def _job(self) -> str:
        return str(self._ask("POST", "/downloads", {"name": f"nobody/{self.new()}"})["id"])

    def _held_job(self, *, is_cancelled: bool) -> str:
        """One that cannot end before it is let go, or one that was cancelled."""
        made = str(self._ask("POST", "/downloads", {"name": f"{HELD}/{self.new()}"})["id"])
        if is_cancelled:
            self._ask("POST", f"/jobs/{made}/cancel")
        return made

    def let_go(self) -> None:
        """The hub answers whatever it holds back."""
        self._client.get(f"{os.environ['HF_ENDPOINT']}{LET_GO}").raise_for_status()

    def _key(self) -> str:
        return str(self._ask("POST", "/keys", {"name": self.new()})["id"])


def _edit(number: int) -> dict[str, object]:
    return {"path": ["request_params", "seed"], "value": number}


things = Things(os.environ[ADDRESS], os.environ[KEY])
answered: Counter[str] = Counter()
begun: set[str] = set()


# Bodies that succeed, where what is made up hardly can: it would have to guess what is there.
def _body(method: str, path: str, id_: object) -> Any:
    recipe = {"name": things.new(), **_RECIPE}
    made: dict[str, Callable[[], object]] = {
        "POST /aliases": lambda: {"recipe": recipe},
        "PUT /aliases/{id}": lambda: {"recipe": {**recipe, "name": id_}},
        "POST /aliases/batch": things.batch,
        "POST /aliases/{id}/clone": lambda: {"name": recipe["name"]},
        "POST /aliases/{id}/rename": lambda: {"name": recipe["name"]},
        "POST /aliases/export": lambda: {"ids": [ALIAS]},
        "POST /aliases/unpack": lambda: {"archive": _ARCHIVE},
        "POST /session": lambda: {"key": os.environ[KEY]},
        "POST /templates/render": lambda: {"name": ALIAS, "messages": _MESSAGES},
        "POST /trials/foretell": lambda: {"alias": ALIAS, "messages": _MESSAGES},
    }
    make = made.get(f"{method} {path.removeprefix('/api/v1')}")
    return None if make is None else make()


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Put what is there into the request; the first of each operation is one that succeeds.

    After enough wrong keys nobody can sign in for a while, so chance must not decide who is first.
    """
    del context, kwargs
    drawn = zlib.crc32(repr((case.path_parameters, case.query, case.body)).encode())
    operation = f"{case.method} {case.operation.path}"
    is_first = operation not in begun
    begun.add(operation)
    if not is_first and not drawn % _LEFT:
        return
    if case.path_parameters:
        case.path_parameters.update(things.find(case.operation.path, case.method))
    if case.operation.path == "/api/v1/compare":
        case.query["id"] = things.aliases()
    id_ = (case.path_parameters or {}).get("id")
    if (is_first or drawn % _LEFT == 1) and (body := _body(case.method, case.operation.path, id_)):
        case.body = body
    if any(header.name.lower() == "if-match" for header in case.operation.headers):
        case.headers["if-match"] = "*"


@schemathesis.hook
def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
    """Count it."""
    del context
    answered[f"{case.method} {case.operation.path} {response.status_code}"] += 1
    if case.operation.path.endswith(_ENDS_A_JOB):
        things.let_go()
    if response.status_code == 404:
        for value in (case.path_parameters or {}).values():
            things.is_gone(value)


@atexit.register
def _tell() -> None:
    Path(os.environ[COUNTED]).write_text(json.dumps(answered), encoding="utf-8")
