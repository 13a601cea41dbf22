"""A request explained is what its engine was started with and received, field by field."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from bodhi.aliases.model import Alias, AliasSource
from bodhi.aliases.resolve import Resolution
from bodhi.chat_templates.sources import TemplateChoice
from bodhi.engine.supervisor import Supervisor
from bodhi.errors import RequestNotFound
from bodhi.gateway.dialects import CHAT
from bodhi.gateway.explain_routes import explain_routes
from bodhi.gateway.prepare import Prepared
from bodhi.gateway.recent import RecentRequests
from bodhi.gateway.relay import Relay
from bodhi.gateway.routes import Gateway
from bodhi.gateway.serving import Serving, build_serving
from bodhi.http.asgi import ON_LEAVE
from bodhi.http.control import control_app
from bodhi.model_files.model import ModelFacts, ModelFile
from bodhi.params.explain import Asked, Explained, Rung
from bodhi.params.merge import Layer
from bodhi.params.parameter import Applies
from bodhi.params.values import Json, JsonObject
from tests.support.explained import (
    SAMPLING,
    disagreements,
    random_recipe,
    random_request,
    said_by,
)
from tests.support.scripted_engine import END, STREAM, ScriptedLauncher, delta, event

CORES = 3


def model_file(facts: ModelFacts) -> ModelFile:
    path = Path("/models/tiny.gguf")
    return ModelFile(
        id="a/b:F32", repo="a/b", filename="tiny.gguf", quantization="F32", snapshot=None,
        path=path, real_path=path, identity="1", size_bytes=1, modified_at=0.0, facts=facts,
    )  # fmt: skip


def serving_of(alias: Alias, model: ModelFile) -> Serving:
    resolution = Resolution(alias.name, AliasSource.USER, alias, model, 1)
    return build_serving(resolution, TemplateChoice(None, "embedded"), cores=CORES)


@dataclass
class House:
    """One gateway over scripted engines, asked from outside its event loop."""

    runner: asyncio.Runner
    launcher: ScriptedLauncher = field(default_factory=lambda: ScriptedLauncher(stop_s=0))
    recent: RecentRequests = field(default_factory=RecentRequests)
    served: Serving | None = None

    def open(self, folder: Path) -> None:
        async def script(body: JsonObject) -> AsyncIterator[bytes]:
            yield STREAM + event(delta("e", "a", "stop")) + event(b"[DONE]") + END

        self.launcher.script = script
        self.supervisor = Supervisor(
            self.launcher, max_engines=1, max_queue=8, idle_unload_s=0, load_timeout_s=5,
            free_memory=None, runtime_parent=folder,
        )  # fmt: skip
        self.gateway = Gateway(self, Relay(self.supervisor, 5), 1 << 20, self.recent)

    async def find(self, name: str) -> Serving:
        assert self.served is not None
        return self.served

    async def look_again(self) -> None:
        """No file ever changes."""

    async def names(self) -> list[tuple[str, str, float]]:
        return []

    async def post(self, body: JsonObject) -> tuple[int, dict[bytes, bytes]]:
        messages: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": orjson.dumps(body)}

        async def send(message: Any) -> None:
            messages.append(message)

        scope: dict[str, Any] = {
            "type": "http", "method": "POST", "path": "/v1/chat/completions", "headers": [],
            ON_LEAVE: lambda callback: None,
        }  # fmt: skip
        await self.gateway(scope, receive, send)
        return messages[0]["status"], dict(messages[0]["headers"])

    def ask(self, body: JsonObject) -> tuple[int, dict[bytes, bytes]]:
        return self.runner.run(self.post({"model": "x", **body}))

    async def close(self) -> None:
        await self.supervisor.aclose(0)
        self.launcher.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with asyncio.Runner() as runner:
        house = House(runner)
        runner.run(_opened(house, tmp_path))
        yield house
        runner.run(house.close())


async def _opened(house: House, folder: Path) -> None:
    house.open(folder)


# -- The law.


@dataclass(frozen=True)
class Triple:
    alias: Alias
    model: ModelFile
    request: JsonObject


def random_triple(chance: random.Random) -> Triple:
    recipe = random_recipe(chance)
    alias = Alias(
        "an alias", "a/b", "tiny.gguf", None, None,
        recipe.context_params, recipe.request_params, recipe.request_policy,
    )  # fmt: skip
    facts = ModelFacts(
        "llama",
        context_length=chance.choice([None, 1024, 131_072]),
        sampling=dict(chance.sample(list(SAMPLING.items()), chance.randint(0, 5))),
        is_embedding_model=chance.random() < 0.2,
    )
    return Triple(alias, model_file(facts), random_request(recipe, chance))


def test_of_500_random_triples_the_engine_received_what_is_explained(house: House) -> None:
    chance = random.Random(random.getrandbits(32))
    layers: Counter[Layer] = Counter()
    for _ in range(500):
        triple = random_triple(chance)
        house.served = serving_of(triple.alias, triple.model)
        house.launcher.requests.clear()
        status, headers = house.ask(triple.request)
        assert status == 200, triple
        said = house.recent.find(headers[b"x-request-id"].decode()).explain(CORES)
        started = house.launcher.processes[-1].spec.options
        assert disagreements(said_by(said), house.launcher.requests[0], started) == [], triple
        # It is put before a system message of the caller, which is no parameter.
        overruled = {
            one.row.key for one in said if one.is_overruled and one.row.key != "system_prompt"
        }
        named = headers.get(b"x-bodhi-changed", b"").decode().split(", ")
        assert overruled <= set(named), triple
        layers.update(one.layer for one in said)
    assert set(layers) == set(Layer), "every layer has won somewhere"


def test_an_explanation_that_is_wrong_in_one_field_would_be_found(house: House) -> None:
    house.served = serving_of(
        Alias("a", "a/b", "tiny.gguf", request_params={"top_k": 3}), model_file(ModelFacts("llama"))
    )
    _, headers = house.ask({"messages": [{"role": "user", "content": "hi"}], "top_k": 7})
    said = house.recent.find(headers[b"x-request-id"].decode()).explain(CORES)
    body, started = house.launcher.requests[-1], house.launcher.processes[-1].spec.options
    assert disagreements(said_by(said), body, started) == []
    forged = [
        Explained(one.row, (Rung(Layer.ALIAS, 3),)) if one.row.key == "top_k" else one
        for one in said
    ]
    assert disagreements(said_by(forged), body, started) == ["top_k: explained 3, the engine got 7"]


# -- What is kept, and for how long.


def remembered(recent: RecentRequests, served: Serving, name: bytes, **asked: Json) -> None:
    recent.remember(name, served, CHAT, Prepared({}, [], Asked(asked)))


@pytest.fixture
def served() -> Serving:
    return serving_of(Alias("a", "a/b", "tiny.gguf"), model_file(ModelFacts("llama")))


def test_a_request_can_be_explained_for_ten_minutes(served: Serving) -> None:
    now = 1000.0
    recent = RecentRequests(clock=lambda: now)
    remembered(recent, served, b"one", temperature=0.5)
    now += 600
    assert recent.find("one").asked.params == {"temperature": 0.5}
    now += 1
    with pytest.raises(RequestNotFound):
        recent.find("one")


def test_only_so_many_requests_are_kept_and_the_oldest_goes_first(served: Serving) -> None:
    recent = RecentRequests(most=3)
    for name in (b"1", b"2", b"3", b"4"):
        remembered(recent, served, name)
    for kept in "234":
        assert recent.find(kept).dialect is CHAT
    with pytest.raises(RequestNotFound):
        recent.find("1")


def test_nothing_of_a_prompt_or_a_person_is_kept(house: House) -> None:
    house.served = serving_of(
        Alias("a", "a/b", "tiny.gguf", request_params={"system_prompt": "the alias's"}),
        model_file(ModelFacts("llama")),
    )
    secret = "tell nobody"
    _, headers = house.ask(
        {
            "messages": [{"role": "user", "content": secret}],
            "system_prompt": secret,
            "user": secret,
            "response_format": {"type": "json_schema", "json_schema": {"description": secret}},
            "unknown": secret,
            "temperature": 0.25,
        }
    )
    recent = house.recent.find(headers[b"x-request-id"].decode())
    assert secret not in repr(recent)
    assert recent.asked.params["temperature"] == 0.25
    assert recent.dropped == ("unknown",)
    told = {one.row.key: one for one in recent.explain(CORES)}
    assert told["system_prompt"].is_withheld
    assert told["user"].is_withheld
    client = TestClient(control_app([explain_routes(house.recent, CORES)]), base_url="http://h")
    answer = client.get(f"/api/v1/requests/{headers[b'x-request-id'].decode()}/explain")
    assert secret not in answer.text
    shown = answer.json()
    assert (shown["alias"], shown["model"], shown["dropped"]) == ("a@1", "a/b:F32", ["unknown"])
    by_key = {one["key"]: one for one in shown["parameters"]}
    assert by_key["temperature"]["ladder"][0] == {"layer": "request", "value": 0.25}
    assert (by_key["user"]["withheld"], by_key["user"]["value"]) == (True, None)
    missing = client.get("/api/v1/requests/0000/explain")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "request_not_found")


@pytest.mark.parametrize(("asked", "is_overruled"), [("low", False), ("high", True)])
def test_who_asks_for_the_text_that_is_enforced_is_not_overruled(
    house: House, asked: str, is_overruled: bool
) -> None:
    house.served = serving_of(
        Alias(
            "a", "a/b", "tiny.gguf",
            request_params={"reasoning_effort": "low"},
            request_policy={"reasoning_effort": "enforce"},
        ),
        model_file(ModelFacts("llama")),
    )  # fmt: skip
    messages: Json = [{"role": "user", "content": "hi"}]
    _, headers = house.ask({"messages": messages, "reasoning_effort": asked})
    told = house.recent.find(headers[b"x-request-id"].decode()).explain(CORES)
    (one,) = (one for one in told if one.row.key == "reasoning_effort")
    assert (one.value, one.is_overruled) == ("low", is_overruled)
    assert (b"x-bodhi-changed" in headers) is is_overruled
    assert "high" not in repr(one.ladder)


def test_a_request_for_embeddings_is_explained_by_its_engine_alone(served: Serving) -> None:
    from bodhi.gateway.dialects import EMBEDDINGS

    recent = RecentRequests()
    recent.remember(b"one", served, EMBEDDINGS, Prepared({}, []))
    told = recent.find("one").explain(CORES)
    assert told
    assert {one.row.applies for one in told} == {Applies.RELOAD}


def test_an_id_that_is_no_text_of_ours_is_not_found() -> None:
    for name in ("", "\ud800".encode("utf-8", "replace").decode(), "ü", json.dumps("x")):
        with pytest.raises(RequestNotFound):
            RecentRequests().find(name)
