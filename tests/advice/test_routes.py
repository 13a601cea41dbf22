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


FILE = "# why: tests\ntitle: Mine\nabout: ''\nrequest_params:\n  temperature: 0.2 # cool\n"


def send(client: TestClient, text: str, name: str = "mine", **more: Any) -> Any:
    query = "?dry_run=true" if more.pop("dry_run", False) else ""
    body = {"name": name, "source_text": text, **more}
    return client.post(f"/api/v1/presets/import{query}", json=body)


def test_an_exported_preset_is_imported_byte_for_byte(client: TestClient, tmp_path: Path) -> None:
    path = tmp_path / "presets" / "mine.yaml"
    assert send(client, FILE).status_code == 200
    assert path.read_text() == FILE
    assert get(client, "/presets/mine")["source_text"] == FILE
    again = send(client, "title: Other\n")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "name_taken")
    assert path.read_text() == FILE
    assert send(client, "title: Other\n", replace=True).json()["title"] == "Other"
    for preset in get(client, "/presets")["presets"]:
        copied = send(client, preset["source_text"], f"copy-{preset['name']}").json()
        same = ("title", "about", "context_params", "request_params", "request_policy")
        assert [copied[key] for key in same] == [preset[key] for key in same]


HOSTILE = {
    "cut off": "title: [",
    "another document": "- 1\n- 2\n",
    "an unknown key": "title: x\nrun: rm\n",
    "an unknown parameter": "request_params: {tempreture: 1}\n",
    "a value out of range": "request_params: {temperature: -4}\n",
    "a tag": "title: !!python/object/apply:os.system [id]\n",
    "an anchor": "title: &a x\nabout: *a\n",
    "too deep": "a: " + "[" * 400,
    "a text that is too long": f"about: {'x' * 2000}\n",
    "a control character": 'title: "a"\nabout: \x07\n',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_damaged_or_hostile_file_is_told_of_and_writes_nothing(
    client: TestClient, tmp_path: Path, text: str
) -> None:
    for trial in (True, False):
        refused = send(client, text, dry_run=trial)
        assert refused.status_code in (400, 422), refused.text
        assert refused.json()["error"]["message"]
    assert not (tmp_path / "presets").exists()


@pytest.mark.parametrize("name", ["../up", "A", "coding", "a/b", "con.", ""])
def test_a_name_that_is_no_file_of_its_own_writes_nothing(
    client: TestClient, tmp_path: Path, name: str
) -> None:
    assert send(client, FILE, name).status_code in (400, 409, 422)
    assert not (tmp_path / "presets").exists()


def test_a_dry_run_tells_what_it_would_become_and_writes_nothing(
    client: TestClient, tmp_path: Path
) -> None:
    told = send(client, FILE, dry_run=True).json()
    assert (told["title"], told["request_params"]) == ("Mine", {"temperature": 0.2})
    assert not (tmp_path / "presets").exists()
