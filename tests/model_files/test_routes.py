"""What the control plane answers about model files: all of them, also those that cannot be used."""

import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from bodhi.http.control import control_app
from bodhi.model_files.index import ModelIndex
from bodhi.model_files.live import LiveCatalogue
from bodhi.model_files.routes import model_routes
from bodhi.model_files.shown import ModelItem, ModelList, show_models
from tests.support.hub import place_in_hub

MAIN = "a" * 40


@pytest.fixture
def client(tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr("bodhi.model_files.live.RECENT_S", 0.0)
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(tiny_model.read_bytes()[:5000])
    for file, source in (("tiny.Q8_0.gguf", tiny_model), ("cut.Q4_0.gguf", cut)):
        place_in_hub(tmp_path / "hub", "us/tiny", file, source, snapshot=MAIN, refs={"main": MAIN})
    models = LiveCatalogue(ModelIndex(tmp_path / "hub"))
    return TestClient(control_app([model_routes(models)]), base_url="http://localhost")


def test_every_model_file_is_listed_with_what_its_header_says(
    client: TestClient, tmp_path: Path
) -> None:
    found: Any = client.get("/api/v1/models").json()
    assert (found["total"], found["problems"]) == (2, [])
    models = {model["id"]: model for model in found["models"]}
    whole = models["us/tiny:Q8_0"]
    assert (whole["architecture"], whole["family"], whole["problem"]) == ("llama", "llama", None)
    assert (whole["snapshot"], whole["refs"], whole["parts"]) == (MAIN, ["main"], 1)
    assert Path(whole["path"]).is_relative_to(tmp_path / "hub")
    assert whole["has_chat_template"]


def test_a_file_that_cannot_be_loaded_is_listed_with_the_reason(client: TestClient) -> None:
    models = {model["id"]: model for model in client.get("/api/v1/models").json()["models"]}
    assert models["us/tiny:Q4_0"]["problem"]


def test_the_same_list_is_sent_once(client: TestClient, tmp_path: Path, tiny_model: Path) -> None:
    first = client.get("/api/v1/models")
    TypeAdapter(ModelList).validate_json(first.content, strict=True)
    known = {"if-none-match": first.headers["etag"]}
    assert client.get("/api/v1/models", headers=known).status_code == 304
    place_in_hub(tmp_path / "hub", "us/other", "other.Q8_0.gguf", tiny_model, snapshot=MAIN)
    assert client.get("/api/v1/models", headers=known).json()["total"] == 3


def test_nothing_changed_is_told_by_the_same_catalogue(tmp_path: Path, tiny_model: Path) -> None:
    """Whoever keeps what follows from a catalogue need not compare more than this."""
    hub = tmp_path / "hub"
    path = place_in_hub(hub, "us/tiny", "tiny.Q8_0.gguf", tiny_model, snapshot=MAIN)
    index = ModelIndex(hub)
    before = index.scan()
    assert index.scan() is before
    place_in_hub(hub, "us/tiny", "tiny.Q4_0.gguf", tiny_model, snapshot=MAIN)
    grown = index.scan()
    assert grown is not before
    path.unlink()
    assert index.scan() is not grown


def test_a_place_that_is_not_text_does_not_keep_the_list_from_being_made(
    tmp_path: Path, tiny_model: Path
) -> None:
    hub = tmp_path / os.fsdecode(b"h\xffb")
    place_in_hub(hub, "us/tiny", os.fsdecode(b"t\xfe.gguf"), tiny_model, snapshot=MAIN)
    (item,) = show_models(ModelIndex(hub).scan()).models
    assert "h\\xffb" in TypeAdapter(ModelItem).validate_json(item.model_dump_json()).path
