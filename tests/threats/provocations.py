"""How a caller can bring about each error of the tree, with secrets wherever one can be hidden.

The prompt, the key and the folder of every request hold a canary: a word that must come back in no
answer and no line of the log.
"""

import asyncio
import contextlib
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

import orjson

from bodhi import errors
from bodhi.access.grant import KeyScope
from bodhi.access.keys import KeyStore
from bodhi.engine import fleet
from bodhi.engine.contract import EngineSpec
from bodhi.engine.model_path import require_unchanged
from bodhi.errors import BodhiError
from bodhi.gateway.live import LiveServings
from bodhi.params.values import JsonObject
from tests.support.hub import place_in_hub
from tests.support.scripted_engine import STREAM, Script, delta, event
from tests.support.server import wait_until
from tests.threats.house import FILE, SNAPSHOT, House, hello
from tests.threats.wire import Answer, Wire, ask, head

PROMPT = "canary-prompt-5b1e"
KEY = "canary-key-77d0"
FOLDER = "canary-folder-c3a9"
SETTINGS: dict[str, Any] = {
    "api_key": KEY,
    "max_body_mib": 1,
    "max_queue": 0,
    "load_timeout_s": 0.3,
    "silence_timeout_s": 0.2,
}

# Each with an engine of its own, so that one's trouble is not another's.
ALIASES = {
    name: f"context_params:\n  n_ctx: {512 + 32 * number}\n"
    for number, name in enumerate(
        "crashes defect fails holds loads-not memory nonsense rejects silent stuck swapped".split()
    )
} | {
    "no-file": "snapshot: bbbbbbbb\n",
    "no-template": "chat_template: nobody/nothing\n",
    "bad-template": "chat_template: broken/template\n",
    "broken": "nonsense: [\n",
}


@dataclass
class Trouble:
    """A house in which everything can go wrong. ``free`` is the memory it believes to have,
    ``lesser_key`` one that opens ``/v1`` alone.
    """

    house: House
    lesser_key: str
    answers: list[Answer] = field(default_factory=list)
    free: int = 1 << 40

    def get(self, target: str, *headers: tuple[str, str], method: str = "GET") -> Answer:
        return self.keep(ask(self.house.port, head(method, target, self.keyed(headers))))

    def post(self, body: bytes, *headers: tuple[str, str]) -> Answer:
        return self.keep(ask(self.house.port, self.request(body, *headers)))

    def chat(self, model: str = "honest", **fields: object) -> Answer:
        return self.post(chat_body(model, **fields), ("Content-Type", "application/json"))

    def request(self, body: bytes, *headers: tuple[str, str]) -> bytes:
        extra = [*self.keyed(headers), ("Content-Length", str(len(body)))]
        return head("POST", "/v1/chat/completions", extra) + body

    @staticmethod
    def keyed(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
        has_key = any(name == "Authorization" for name, _ in headers)
        return list(headers) if has_key else [("Authorization", f"Bearer {KEY}"), *headers]

    def keep(self, answer: Answer) -> Answer:
        self.answers.append(answer)
        return answer

    @contextlib.contextmanager
    def engine(self, script: Script) -> Iterator[None]:
        """The engines answer by ``script`` meanwhile."""
        self.house.engine.script = script
        try:
            yield
        finally:
            self.house.engine.script = hello

    def chat_with(self, script: Script, model: str, **fields: object) -> Answer:
        with self.engine(script):
            return self.chat(model, **fields)


def chat_body(model: str, **fields: object) -> bytes:
    """A request with a secret to keep."""
    messages = [{"role": "user", "content": PROMPT}]
    return orjson.dumps({"model": model, "messages": messages} | fields)


def furnish(home: Path, hub: Path, model: Path) -> str:
    """Put in model files and templates that are wrong in their ways, and make the lesser key."""
    for name in (FILE, "other.Q8_0.gguf"):
        place_in_hub(hub, "two/models", name, model, snapshot=SNAPSHOT, refs={"main": SNAPSHOT})
    bad = model.with_name("bad.gguf")
    bad.write_bytes(b"GGUF" + b"\xff" * 60)
    place_in_hub(hub, "bad/model", "bad.gguf", bad, snapshot=SNAPSHOT, refs={"main": SNAPSHOT})
    config = model.with_name("tokenizer_config.json")
    config.write_text("{" + PROMPT, encoding="utf-8")
    place_in_hub(
        hub, "broken/template", config.name, config, snapshot=SNAPSHOT, refs={"main": SNAPSHOT}
    )
    own = home / "templates" / "mine.jinja"
    own.parent.mkdir()
    own.write_text(f"{{{{ {PROMPT!r} }}}}", encoding="utf-8")
    lost = home / "aliases" / "lost.yaml"
    lost.write_text("alias: lost\nrepo: remote:nobody\nfilename: words\n", encoding="utf-8")
    return KeyStore(home).create("less", KeyScope.INFERENCE)[1]


def sends(*pieces: bytes) -> Script:
    """An engine that sends these bytes and hangs up."""

    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        del body
        for piece in pieces:
            yield piece

    return script


def refuses(status: int, **error: object) -> Script:
    """An engine that tells too much about what is wrong."""
    told = f"bad value in {Path('/srv') / FOLDER / FILE}\n  at 0x7ffd1234"
    body = orjson.dumps({"error": {"code": status, "message": told, "type": "x"} | error})
    return sends(b"HTTP/1.1 %d No\r\ncontent-length: %d\r\n\r\n%b" % (status, len(body), body))


async def _stays_silent(body: JsonObject) -> AsyncIterator[bytes]:
    del body
    yield STREAM + event(delta("e", "a"))
    await asyncio.sleep(30)


def _a_defect(t: Trouble) -> Answer:
    async def broken(*_: object) -> object:
        raise KeyError(f"{PROMPT} {KEY} {FOLDER}")

    with mock.patch.object(LiveServings, "find", broken):
        return t.chat("defect")


def _a_crash(t: Trouble) -> Answer:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        del body
        yield b""
        t.house.engine.processes[-1].end(-11)

    return t.chat_with(script, "crashes")


def _a_load_that_fails(t: Trouble) -> Answer:
    t.house.engine.failures = [1]
    return t.chat("loads-not")


def _a_file_that_never_stays(t: Trouble) -> Answer:
    def changed(spec: EngineSpec) -> None:
        require_unchanged(replace(spec, files=((spec.model_path, "another"),)))

    with mock.patch.object(fleet, "require_unchanged", changed):
        return t.chat("swapped")


def _a_load_that_hangs(t: Trouble) -> Answer:
    t.house.engine.is_stuck = True
    try:
        return t.chat("stuck")
    finally:
        t.house.engine.is_stuck = False


def _no_memory(t: Trouble) -> Answer:
    t.free = 1
    try:
        return t.chat("memory")
    finally:
        t.free = 1 << 40


def _a_full_queue(t: Trouble) -> Answer:
    asked = len(t.house.engine.requests)
    with t.engine(_stays_silent), Wire(t.house.port) as first:
        first.send(t.request(chat_body("holds"), ("Content-Type", "application/json")))
        assert wait_until(lambda: len(t.house.engine.requests) > asked, 10)
        return t.chat("holds")


def _half_a_head(t: Trouble) -> Answer:
    with Wire(t.house.port) as wire:
        wire.send(head("GET", f"/{PROMPT}", t.keyed(()))[:-2])
        answer = wire.answer()
    assert answer is not None
    return t.keep(answer)


def _a_key_for_less(t: Trouble) -> Answer:
    return t.get("/api/v1/engines", ("Authorization", f"Bearer {t.lesser_key}"))


def _a_template_that_fails(t: Trouble) -> Answer:
    messages = [{"role": "user", "content": PROMPT}]
    sent = {"template": "{{ messages | nothing }}", "messages": messages}
    return _to(t, "/api/v1/templates/render", sent)


_JSON = ("Content-Type", "application/json")
_IMAGE = {"type": "image_url", "image_url": {"url": f"http://{PROMPT}/"}}


def _to(t: Trouble, target: str, body: object) -> Answer:
    data = orjson.dumps(body)
    extra = [*t.keyed((_JSON,)), ("Content-Length", str(len(data)))]
    return t.keep(ask(t.house.port, head("POST", target, extra) + data))


def _too_many_tries(t: Trouble) -> Answer:
    for _ in range(5):
        _to(t, "/api/v1/session", {"key": f"{KEY}-not"})
    return _to(t, "/api/v1/session", {"key": f"{KEY}-not"})


def _a_job_that_ended(t: Trouble) -> Answer:
    job = orjson.loads(_to(t, "/api/v1/downloads", {"name": "us/tiny"}).body)
    _to(t, f"/api/v1/jobs/{job['id']}/cancel", {})
    return _to(t, f"/api/v1/jobs/{job['id']}/cancel", {})


def _a_draft_that_was_changed(t: Trouble) -> Answer:
    draft = orjson.loads(_to(t, "/api/v1/drafts", {"alias_id": "honest"}).body)
    target = f"/api/v1/drafts/{draft['id']}"
    return t.get(target, ("If-Match", f'"{PROMPT}"'), method="DELETE")


PROVOKED: dict[type[BodhiError], Callable[[Trouble], Answer]] = {
    BodhiError: _a_defect,
    errors.InvalidInput: lambda t: t.post(b'{"model": "' + PROMPT.encode(), _JSON),
    errors.ParameterInvalid: lambda t: t.chat(temperature=PROMPT),
    errors.UnsupportedByEngine: lambda t: t.chat(messages=[{"role": "user", "content": [_IMAGE]}]),
    errors.ContextExceeded: lambda t: t.chat_with(
        refuses(400, type="exceed_context_size_error", n_ctx=1, n_prompt_tokens=2), "rejects"
    ),
    errors.EngineRejected: lambda t: t.chat_with(refuses(400), "rejects"),
    errors.ArchiveInvalid: lambda t: _to(
        t, "/api/v1/aliases/unpack", {"archive": b64encode(PROMPT.encode()).decode()}
    ),
    errors.AccessRefused: _a_key_for_less,
    errors.KeyMissing: lambda t: t.get("/v1/models", ("Authorization", f"Bearer {KEY}-not")),
    errors.OriginRefused: lambda t: t.get("/v1/models", ("Origin", f"http://{PROMPT}.com")),
    errors.HostRefused: lambda t: t.keep(
        ask(t.house.port, head("GET", f"/{PROMPT}").replace(b"localhost", FOLDER.encode()))
    ),
    errors.AliasNotFound: lambda t: t.chat(PROMPT),
    errors.ModelFileMissing: lambda t: t.chat("no-file"),
    errors.NameInvalid: lambda t: _to(t, "/api/v1/keys", {"name": f"{PROMPT}\n"}),
    errors.AliasNotEditable: lambda t: t.get(
        "/api/v1/aliases/tests~tiny-GGUF~F32", ("If-Match", f'"{PROMPT}"'), method="DELETE"
    ),
    errors.PreconditionMissing: lambda t: t.get("/api/v1/aliases/honest", method="DELETE"),
    errors.DraftNotFound: lambda t: t.get(f"/api/v1/drafts/{PROMPT}"),
    errors.DraftChanged: _a_draft_that_was_changed,
    errors.JobNotFound: lambda t: t.get(f"/api/v1/jobs/{PROMPT}"),
    errors.JobStateConflict: _a_job_that_ended,
    errors.KeyNotFound: lambda t: t.get(f"/api/v1/keys/{PROMPT}", method="DELETE"),
    errors.TemplateMissing: lambda t: t.chat("no-template"),
    errors.TemplateChanged: lambda t: t.get(
        "/api/v1/templates/mine", ("If-Match", f'"{PROMPT}"'), method="DELETE"
    ),
    errors.EngineNotFound: lambda t: t.get(f"/api/v1/engines/{PROMPT}", method="DELETE"),
    errors.RouteNotFound: lambda t: t.get(f"/v1/{PROMPT}"),
    errors.RemoteNotFound: lambda t: t.chat("lost"),
    errors.RequestNotFound: lambda t: t.get(f"/api/v1/requests/{PROMPT}/explain"),
    errors.MethodNotAllowed: lambda t: t.get(f"/v1/models/{PROMPT}", method="PATCH"),
    errors.RequestTooSlow: _half_a_head,
    errors.NameAmbiguous: lambda t: t.chat("two/models"),
    errors.AliasBroken: lambda t: t.chat("broken"),
    errors.ModelFileChanged: _a_file_that_never_stays,
    errors.BodyTooLarge: lambda t: t.chat(user=PROMPT * 100_000),
    errors.MediaTypeRefused: lambda t: t.post(PROMPT.encode(), ("Content-Type", f"text/{PROMPT}")),
    errors.ModelFileUnusable: lambda t: t.chat("bad/model"),
    errors.TemplateUnusable: lambda t: t.chat("bad-template"),
    errors.TemplateFailed: _a_template_that_fails,
    errors.QueueFull: _a_full_queue,
    errors.TooManyTries: _too_many_tries,
    errors.EngineFailure: lambda t: t.chat_with(refuses(500), "fails"),
    errors.EngineCrashed: _a_crash,
    errors.EngineProtocol: lambda t: t.chat_with(sends(PROMPT.encode() + b"\r\n\r\n"), "nonsense"),
    errors.EngineLoadFailed: _a_load_that_fails,
    errors.NotEnoughMemory: _no_memory,
    errors.EngineLoadTimeout: _a_load_that_hangs,
    errors.EngineSilent: lambda t: t.chat_with(_stays_silent, "silent"),
}

# What no request to a house can bring about, and who says it instead.
NOT_SENT: dict[type[BodhiError], str] = {
    errors.AliasFileInvalid: "the command line; a request gets AliasBroken",
    errors.NotFound: "nobody: what it stands above is raised",
    errors.NotOnHub: "bodhi pull",
    errors.PresetNotFound: "bodhi presets",
    errors.Conflict: "nobody: what it stands above is raised",
    errors.NameTaken: "the command line",
    errors.NotInTrash: "the trash, in a sentence without a variable",
    errors.VersionNotFound: "versions, in a sentence without a variable",
    errors.NoKeyNeeded: "a server that asks for no key, in a sentence without a variable",
    errors.AliasChanged: "the command line",
    errors.ShuttingDown: "a server that is stopping, in a sentence without a variable",
    errors.RemoteKeyRefused: "a remote; the tests of remotes look for its key",
    errors.RemoteUnreachable: "a remote; the tests of remotes look for its key",
    errors.DownloadFailed: "bodhi pull",
    errors.DownloadRefused: "bodhi pull",
    errors.DownloadCorrupt: "bodhi pull",
    errors.StorageFailed: "the command line",
    errors.DatabaseUnavailable: "figures of usage, with the file's name and a cause from a list",
    errors.DatabaseDamaged: "likewise, and recording begins anew",
    errors.DatabaseTooNew: "likewise, in a sentence without a variable",
    errors.StartRefused: "bodhi serve",
    errors.HomeInUse: "bodhi serve",
    errors.HomeTooNew: "bodhi serve",
    errors.ServerNotRunning: "the command line",
}
