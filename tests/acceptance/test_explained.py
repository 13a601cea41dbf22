"""A request explained is what its engine was given: by its command line and on its socket.

A real server reads alias files, starts programs that record their arguments and every body, and
then explains each request.
"""

import json
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import httpx2 as httpx
import pytest

from bodhi.params.parameter import Applies, Kind
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json, JsonObject
from tests.support.command_line import bodhi
from tests.support.explained import (
    CONTEXT,
    SAMPLING,
    Recipe,
    Said,
    disagreements,
    random_recipe,
    random_request,
    random_value,
    said_in,
)
from tests.support.fake_llama_server import write_fake_llama_server
from tests.support.hub import place_in_hub
from tests.support.server import running_server
from tests.support.tiny_gguf import write_tiny_gguf

# Recipes, models among them, and requests to each. Five hundred that need no processes are in
# ``tests/gateway/test_explained.py``.
SHORT, LONG = (14, 12), (100, 25)
# Header of each model file: what its author recommends, and the context it was trained with.
MODELS: Mapping[str, tuple[JsonObject, int]] = {
    "plain": ({}, 2048),
    "long": ({}, 131_072),
    "short": ({"temp": 0.3}, 1024),
    "author": (SAMPLING, 40_960),
}
_LOAD_MODES: Mapping[str, JsonObject] = {
    "mlock": {"mlock": True, "no_mmap": True},
    "mmap+mlock": {"mlock": True},
    "none": {"no_mmap": True},
}


@dataclass(frozen=True)
class Triple:
    """What was asked of which model, what is said of it, and what the engine got."""

    name: str
    request: JsonObject
    said: list[Said]
    body: JsonObject
    started: JsonObject


def started_with(arguments: list[str]) -> JsonObject:
    """Registry key -> value, of a command line. Flags that are not an alias's are left out."""
    started: JsonObject = {}
    for position, flag in enumerate(arguments):
        value = arguments[position + 1] if position + 1 < len(arguments) else ""
        if flag == "--load-mode":
            started |= _LOAD_MODES[value]
        for row in PARAMETERS.values():
            if row.applies is not Applies.RELOAD:
                continue
            if flag in row.flags:
                started[row.key] = True if row.kind is Kind.BOOLEAN else _read(row.key, value)
            elif flag in [name.replace("--", "--no-", 1) for name in row.flags]:
                started[row.key] = False
    return started


def _read(key: str, text: str) -> Json:
    row = PARAMETERS[key]
    if row.kind is Kind.NUMBERS:
        return [float(part) for part in text.split(",")]
    if row.kind is Kind.NUMBER or (row.kind is Kind.INTEGER and text not in row.words):
        return float(text)
    return text


def as_started(said: list[Said]) -> list[Said]:
    """Two values are other words for saying nothing."""
    silent: Mapping[tuple[str, str], Json] = {
        ("gpu_layers", "-1"): "auto",
        ("tensor_split", "[]"): None,
    }
    return [replace(one, value=silent.get((one.key, str(one.value)), one.value)) for one in said]


def spelled(params: JsonObject, chance: random.Random) -> JsonObject:
    """Under any of the names of each, old and new."""
    return {
        chance.choice([key, *PARAMETERS[key].spellings]).replace("_", chance.choice("_-")): value
        for key, value in params.items()
    }


def flags(params: JsonObject) -> list[Json]:
    """As the list of flags that alias files were once published with."""
    items: list[Json] = []
    for key, value in params.items():
        if isinstance(value, bool):
            items.append(f"--{key.replace('_', '-')}={str(value).lower()}")
        elif isinstance(value, list):
            items += [f"--{key}", ",".join(map(str, value))]
        else:
            items.append(f"--{key.replace('_', '-')} {value}")
    return items


def alias_text(name: str, model: str, recipe: Recipe, chance: random.Random) -> str:
    context = recipe.context_params
    as_list = chance.random() < 0.3 and context.get("tensor_split") != []
    document = {
        "alias": name,
        "repo": f"tests/{model}-GGUF",
        "filename": f"{model}.F32.gguf",
        "context_params": flags(context) if as_list else spelled(context, chance),
        "request_params": spelled(recipe.request_params, chance),
        "request_policy": spelled(recipe.request_policy, chance),
    }
    return json.dumps(document)  # which is YAML, too


@dataclass
class Place:
    """A home with recipes, and what its engines have recorded."""

    home: Path
    hub: Path
    record: Path
    recipes: dict[str, Recipe]
    read_to: int = 0
    started: dict[str, list[str]] = field(default_factory=dict)

    def recorded(self) -> tuple[JsonObject, list[str]]:
        """The last body that any engine was sent, and how that engine was started."""
        with self.record.open(encoding="utf-8") as file:
            file.seek(self.read_to)
            lines = [json.loads(line) for line in file]
            self.read_to = file.tell()
        self.started |= {line["engine"]: line["arguments"] for line in lines if "arguments" in line}
        return lines[-1]["body"], self.started[lines[-1]["engine"]]


def make_place(root: Path, recipes: int, chance: random.Random) -> Place:
    made: dict[str, Recipe] = {}
    for model, (sampling, trained) in MODELS.items():
        file = root / f"{model}.gguf"
        keys = {f"general.sampling.{key}": value for key, value in sampling.items()}
        write_tiny_gguf(file, ctx=trained, metadata=cast("dict[str, Any]", keys))
        place_in_hub(root / "hub", f"tests/{model}-GGUF", f"{model}.F32.gguf", file)
        made[f"tests/{model}-GGUF:F32"] = Recipe({}, {}, {})
    (root / "home" / "aliases").mkdir(parents=True)
    own = recipes - len(MODELS)
    for number in range(own):
        name, model = f"recipe-{number}", list(MODELS)[number % len(MODELS)]
        made[name] = random_recipe(chance)
        for key in CONTEXT[number::own]:  # so that each is set at least once
            made[name].context_params.setdefault(key, random_value(PARAMETERS[key], chance))
        text = alias_text(name, model, made[name], chance)
        (root / "home" / "aliases" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Place(root / "home", root / "hub", root / "record.jsonl", made)


def ask_all(place: Place, each: int, chance: random.Random) -> list[Triple]:
    program = write_fake_llama_server(
        place.home.parent / "llama-server", record=str(place.record), pieces=1
    )
    settings = {"BODHI_ENGINE": "binary", "BODHI_LLAMA_SERVER": str(program)}
    with running_server(place.home, place.hub, env=settings) as server, server.http() as client:
        return [
            _ask(place, client, name, random_request(recipe, chance))
            for name, recipe in place.recipes.items()
            for _ in range(each)
        ]


def _ask(place: Place, client: httpx.Client, name: str, request: JsonObject) -> Triple:
    answer = client.post("/v1/chat/completions", json={"model": name, **request})
    assert answer.status_code == 200, (answer.text, place.recipes[name], request)
    body, arguments = place.recorded()
    shown = client.get(f"/api/v1/requests/{answer.headers['x-request-id']}/explain")
    assert shown.status_code == 200, shown.text
    said = as_started(said_in(shown.json()["parameters"]))
    return Triple(name, request, said, body, started_with(arguments))


@pytest.fixture(scope="module")
def chance() -> random.Random:
    return random.Random(random.getrandbits(32))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, chance: random.Random) -> Place:
    return make_place(tmp_path_factory.mktemp("explained"), SHORT[0], chance)


@pytest.fixture(scope="module")
def triples(place: Place, chance: random.Random) -> list[Triple]:
    return ask_all(place, SHORT[1], chance)


def test_each_field_is_what_the_engine_was_given(triples: list[Triple]) -> None:
    assert len(triples) == SHORT[0] * SHORT[1]
    for triple in triples:
        assert disagreements(triple.said, triple.body, triple.started) == [], triple
    layers = Counter(one.layer for triple in triples for one in triple.said)
    assert len(layers) == 7, "every layer has won somewhere"


def test_one_forged_field_would_be_found(triples: list[Triple]) -> None:
    unnoticed: set[str] = {one.key for one in triples[0].said}
    for triple in triples:
        for one in triple.said:
            forged = [
                replace(other, value="forged", layer="request", withheld=False)
                if other is one else other for other in triple.said
            ]  # fmt: skip
            if one.key in unnoticed and disagreements(forged, triple.body, triple.started):
                unnoticed.discard(one.key)
    # Two are sent as max_tokens and seed, one goes nowhere.
    assert unnoticed == {"n_predict", "n_seed", "user"}


def test_everything_that_was_sent_is_explained(triples: list[Triple]) -> None:
    for triple in triples:
        keys = {one.key for one in triple.said}
        content = {"messages", "stream", "stream_options"}
        assert set(triple.body) - content <= keys, triple
        assert set(triple.started) <= keys, triple


def test_the_command_line_says_the_same_of_a_request_in_a_file(
    place: Place, triples: list[Triple], tmp_path: Path
) -> None:
    for triple in (triples[0], triples[-1]):
        file = tmp_path / "request.json"
        file.write_text(json.dumps(triple.request))
        shown = bodhi(
            "aliases", "explain", triple.name, "--request", str(file), "--json",
            BODHI_HOME=str(place.home), HF_HUB_CACHE=str(place.hub),
        ).json  # fmt: skip
        told = {one.key: one for one in as_started(said_in(shown["parameters"]))}
        for one in triple.said:
            assert told[one.key].layer == one.layer
            assert one.withheld or told[one.key].value == one.value, one


def test_every_parameter_of_an_engine_was_set(triples: list[Triple]) -> None:
    """One that no recipe sets would be explained rightly by chance."""
    told = {one.key for triple in triples for one in triple.said if one.layer == "alias default"}
    assert set(CONTEXT) <= told


@pytest.mark.soak
def test_thousands_of_triples(tmp_path: Path, chance: random.Random) -> None:
    for triple in ask_all(make_place(tmp_path, LONG[0], chance), LONG[1], chance):
        assert disagreements(triple.said, triple.body, triple.started) == [], triple
