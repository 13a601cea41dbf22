"""One model over HTTP: facts, siblings, fit, who uses it, and what an alias of it could be."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import write_tiny_gguf
from tests.threats.house import ALIAS, FILE, REPO, SNAPSHOT, House, make_place, running_house
from tests.threats.wire import Answer, ask, head

ID = "tests~tiny-GGUF~F32"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    root = tmp_path_factory.mktemp("models")
    place = make_place(root, {"elsewhere": "snapshot: bbbbbbbb\n"})
    other = f"alias: tiny:f32\nrepo: {REPO}\nfilename: {FILE}\n"
    (place[0] / "aliases" / "tiny--f32.yaml").write_text(other, encoding="utf-8")
    published = root / "published.gguf"
    write_tiny_gguf(published)
    named = "DeepSeek-R1-tiny-Q8_0.gguf"
    place_in_hub(place[1], "us/DeepSeek-R1-GGUF", named, published, snapshot=SNAPSHOT)
    bad = root / "bad.gguf"
    bad.write_bytes(b"GGUF" + b"\xff" * 60)
    place_in_hub(place[1], REPO, "broken.Q4_0.gguf", bad, snapshot=SNAPSHOT)
    with running_house(place) as running:
        yield running


def send(house: House, method: str, path: str, body: object = None) -> Answer:
    data = b"" if body is None else orjson.dumps(body)
    lines = [("Content-Type", "application/json"), ("Content-Length", str(len(data)))]
    return ask(house.port, head(method, f"/api/v1{path}", lines if data else ()) + data)


def told(house: House, path: str) -> Any:
    answer = send(house, "GET", path)
    assert answer.status == 200, answer.body
    return orjson.loads(answer.body)


def test_a_model_is_shown_with_its_header_its_fit_and_who_uses_it(house: House) -> None:
    shown = told(house, f"/models/{ID}")
    assert (shown["id"], shown["model"]["id"]) == (ID, f"{REPO}:F32")
    assert shown["model"]["filename"] == FILE
    assert shown["used_by"] == [ALIAS, "tiny:f32"]
    assert shown["fit"]["verdict"] == "fits"
    assert 0 < shown["fit"]["needs_bytes"] < shown["fit"]["free_bytes"]


def test_the_fit_is_the_one_that_memory_foretells(house: House) -> None:
    foretold = told(house, f"/memory?model={REPO}:F32")
    fit = told(house, f"/models/{ID}")["fit"]
    assert fit["needs_bytes"] == foretold["total_bytes"]


def test_siblings_are_those_on_this_machine_and_one_that_does_not_load_says_why(
    house: House,
) -> None:
    choices = told(house, f"/models/{ID}")["quantizations"]
    assert [one["quantization"] for one in choices] == ["Q4_0", "F32"]
    broken, good = choices
    assert (broken["fit"], good["problem"]) == (None, None)
    assert broken["problem"]
    assert told(house, f"/models/{broken['id']}")["model"]["problem"] == broken["problem"]


@pytest.mark.parametrize("wanted", ["x", "tests~tiny-GGUF~Q2_K", "~~", "tests~tiny-GGUF", "%2e%2e"])
@pytest.mark.parametrize("rest", ["", "/recipe"])
def test_a_model_that_is_not_here_is_not_found(house: House, wanted: str, rest: str) -> None:
    answer = send(house, "GET", f"/models/{wanted}{rest}")
    assert answer.status == 404


def test_a_recipe_is_proposed_with_a_reason_for_each_value(house: House) -> None:
    proposal = told(house, "/models/us~DeepSeek-R1-GGUF~Q8_0/recipe")
    recipe, reasons = proposal["recipe"], proposal["reasons"]
    assert recipe["name"] == "deepseek-r1:q8_0"
    assert recipe["request_params"] == {"temperature": 0.6}  # top_p is the engine's own anyway
    assert {one["key"]: one["value"] for one in reasons} == recipe["request_params"]
    assert all("DeepSeek-R1" in one["source"] for one in reasons)
    assert not any(one["followed"] for one in reasons)


def test_a_proposed_recipe_is_one_that_can_be_made_and_its_name_is_free(house: House) -> None:
    path = "/models/us~DeepSeek-R1-GGUF~Q8_0/recipe"
    first = told(house, path)["recipe"]
    assert send(house, "POST", "/aliases", {"recipe": first}).status == 201
    second = told(house, path)["recipe"]
    assert second["name"] == "deepseek-r1:q8_0-2"
    assert "deepseek-r1:q8_0" in told(house, "/models/us~DeepSeek-R1-GGUF~Q8_0")["used_by"]


def test_a_model_of_which_nobody_said_anything_gets_a_bare_recipe(house: House) -> None:
    proposal = told(house, f"/models/{ID}/recipe")
    recipe = proposal["recipe"]
    assert (recipe["name"], recipe["repo"], recipe["filename"]) == ("tiny:f32-2", REPO, FILE)
    assert (recipe["request_params"], proposal["reasons"]) == ({}, [])


def test_ones_own_preset_is_saved_shown_replaced_and_deleted(house: House, tmp_path: Path) -> None:
    sent = {"title": "Mine", "about": "Why.", "request_params": {"temp": 0.3}}
    answer = send(house, "PUT", "/presets/mine", sent)
    assert answer.status == 200
    shown = told(house, "/presets/mine")
    assert shown == orjson.loads(answer.body)
    assert (shown["source"], shown["request_params"]) == ("own", {"temperature": 0.3})
    assert "mine" in [one["name"] for one in told(house, "/presets")["presets"]]
    assert send(house, "PUT", "/presets/mine", {}).status == 200
    assert told(house, "/presets/mine")["request_params"] == {}
    assert send(house, "DELETE", "/presets/mine").status == 204
    assert send(house, "GET", "/presets/mine").status == 404
    assert send(house, "DELETE", "/presets/mine").status == 404


@pytest.mark.parametrize(
    ("name", "sent", "status"),
    [
        ("coding", {}, 409),
        ("Mine", {}, 400),
        ("a_b", {}, 400),
        ("%2e%2e", {}, 400),
        ("mine", {"request_params": {"temperature": "hot"}}, 400),
        ("mine", {"request_params": {"nonsense": 1}}, 400),
        ("mine", {"request_policy": {"temperature": "enforce"}}, 400),
        ("mine", {"title": "x" * 2000}, 400),
        ("mine", {"title": "\ud800"}, 400),
        ("mine", {"more": 1}, 400),
    ],
)
def test_what_is_no_preset_is_refused_and_nothing_is_written(
    house: House, name: str, sent: dict[str, Any], status: int
) -> None:
    data = json.dumps(sent).encode()
    lines = [("Content-Type", "application/json"), ("Content-Length", str(len(data)))]
    answer = ask(house.port, head("PUT", f"/api/v1/presets/{name}", lines) + data)
    assert answer.status == status, answer.body
    assert not list((house.home / "presets").glob("*"))


def test_a_preset_that_comes_along_is_shown_and_cannot_be_deleted(house: House) -> None:
    assert told(house, "/presets/coding")["source"] == "built-in"
    assert send(house, "DELETE", "/presets/coding").status == 409
