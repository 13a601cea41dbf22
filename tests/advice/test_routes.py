"""What the control plane tells of rules, presets and recommendations."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bodhi.advice.routes import advice_routes
from bodhi.aliases.preset_rows import PRESETS
from bodhi.http.control import control_app
from bodhi.model_files.index import ModelIndex
from bodhi.model_files.live import LiveCatalogue
from bodhi.params.findings import RULES, rules_as_json
from tests.aliases.samples import open_store, write_file
from tests.support.hub import place_in_hub


@pytest.fixture
def client(tmp_path: Path, tiny_model: Path) -> TestClient:
    repo, file, snapshot = "us/gpt-oss-tiny", "x.Q8_0.gguf", "a" * 40
    place_in_hub(
        tmp_path / "hub", repo, file, tiny_model, snapshot=snapshot, refs={"main": snapshot}
    )
    write_file(tmp_path, "far", "alias: far\nrepo: remote:there\nfilename: some-model\n")
    models = LiveCatalogue(ModelIndex(tmp_path / "hub"))
    routes = advice_routes(open_store(tmp_path), models, tmp_path, cores=2)
    return TestClient(control_app([routes]), base_url="http://localhost")


def get(client: TestClient, path: str, status: int = 200) -> Any:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == status
    return answer.json()


def test_every_rule_is_told_as_the_data_that_it_is(client: TestClient) -> None:
    assert get(client, "/rules") == {"rules": rules_as_json()}
    assert len(rules_as_json()) == len(RULES)


def test_presets_are_told_with_peoples_own_and_what_is_wrong(
    client: TestClient, tmp_path: Path
) -> None:
    write_file(tmp_path, "../presets/mine", "title: Mine\nrequest_params: {top_k: 3}\n")
    write_file(tmp_path, "../presets/torn", "[")
    found = get(client, "/presets")
    assert [preset["name"] for preset in found["presets"]] == [p.name for p in PRESETS] + ["mine"]
    assert found["presets"][-1]["source"] == "own"
    assert found["presets"][-1]["request_params"] == {"top_k": 3}
    assert found["problems"][0].startswith("torn.yaml: ")


def test_advice_is_given_by_name(client: TestClient) -> None:
    found = get(client, "/advice?model=us/gpt-oss-tiny")
    assert found["alias"] == "us/gpt-oss-tiny:Q8_0"
    first = found["recommendations"][0]
    assert (first["key"], first["value"], first["now"]) == ("temperature", 1.0, 0.8)
    assert "openai/gpt-oss" in first["source"]
    assert get(client, "/advice?model=far")["recommendations"] == []
    assert get(client, "/advice?model=gone", 404)["error"]["code"] == "model_not_found"
