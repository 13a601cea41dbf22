"""What was tried is, byte for byte, what is served once the same recipe is saved."""

from collections.abc import Iterator

import httpx2 as httpx
import pytest

from tests.threats.house import FILE, REPO, House, make_place, running_house
from tests.trial.streams import HELLO, Body, edit, told

TEXT = (
    f"alias: tuned\nrepo: {REPO}\nfilename: {FILE}\nchat_template: llama3\n"
    "context_params:\n  n_ctx: 512\n  n_keep: 7\n"
    "request_params:\n  temperature: 0.1\n  stop: [a, b]\n  system_prompt: Be brief.\n"
    "  seed: 3\n"
    "request_policy:\n  seed: enforce\n  temperature: {clamp: [0.2, 0.9]}\n"
)
ASKED: Body = {"top_k": 5, "user": "me", "temperature": 3 / 4}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(make_place(tmp_path_factory.mktemp("trial"))) as running:
        yield running


def served(house: House, name: str) -> bytes:
    """What the engine is sent of a request to a saved alias."""
    options = {"stream": True, "stream_options": {"include_usage": True}}
    answer = httpx.post(
        f"http://127.0.0.1:{house.port}/v1/chat/completions",
        json={"model": name, **HELLO, **ASKED, **options},
    )
    assert answer.status_code == 200, answer.text
    return house.engine.raw[-1]


def tried(house: House, body: Body) -> bytes:
    """What the engine is sent of a trial."""
    events = told(f"http://127.0.0.1:{house.port}", {**body, **HELLO, "request": ASKED})
    assert events[-1].name == "done", events[-1]
    return house.engine.raw[-1]


def save(house: House, text: str) -> None:
    answer = httpx.post(f"http://127.0.0.1:{house.port}/api/v1/aliases", json={"source_text": text})
    assert answer.status_code == 201, answer.text


def test_a_trial_sends_what_the_saved_recipe_will_send(house: House) -> None:
    before = tried(house, {"source_text": TEXT})
    engines = len(house.engine.processes)
    save(house, TEXT)
    assert served(house, "tuned") == before
    # The saved one shares the engine of what was tried.
    assert len(house.engine.processes) == engines


def test_edits_send_what_the_edited_file_will_send(house: House) -> None:
    edits = [
        edit("request_params", "temp", value=0.4),
        edit("request_params", "stop", value=None),
        edit("request_policy", "temperature", value="enforce"),
        edit("context_params", "n_keep", value=9),
    ]
    source = TEXT.replace("tuned", "edited")
    save(house, source)
    before = tried(house, {"alias": "edited", "edits": edits})
    untouched = served(house, "edited")
    answer = httpx.patch(
        f"http://127.0.0.1:{house.port}/api/v1/aliases/edited",
        json={"edits": edits},
        headers={"if-match": "*"},
    )
    assert answer.status_code == 200, answer.text
    assert served(house, "edited") == before
    assert untouched != before  # the comparison can fail


def test_lanes_send_one_seed(house: House) -> None:
    asked = len(house.engine.requests)
    other = TEXT.replace("seed: enforce", "top_k: enforce").replace("seed: 3", "top_k: 3")
    body: Body = {"lanes": [{"alias": "honest"}, {"source_text": other}], **HELLO}
    told(f"http://127.0.0.1:{house.port}", body, "/trials/lanes")
    one, two = (request["seed"] for request in house.engine.requests[asked:])
    assert one == two
    told(f"http://127.0.0.1:{house.port}", {**body, "seed": 11}, "/trials/lanes")
    assert [request["seed"] for request in house.engine.requests[-2:]] == [11, 11]


def test_a_draft_sends_what_it_will_send_once_it_is_published(house: House) -> None:
    source = TEXT.replace("tuned", "drafted")
    save(house, source)
    address = f"http://127.0.0.1:{house.port}/api/v1"
    begun = httpx.post(f"{address}/drafts", json={"alias_id": "drafted"}).json()
    path = f"{address}/drafts/{begun['id']}"
    text = source.replace("temperature: 0.1", "temperature: 0.6").replace("n_keep: 7", "n_keep: 8")
    any_of_it = {"if-match": "*"}
    answer = httpx.put(path, json={"source_text": text}, headers=any_of_it)
    assert answer.status_code == 200, answer.text
    before = tried(house, {"draft_id": begun["id"]})
    untouched = served(house, "drafted")
    answer = httpx.post(f"{path}/publish", json={}, headers=any_of_it)
    assert answer.status_code == 200, answer.text
    assert served(house, "drafted") == before
    assert untouched != before  # the comparison can fail


def test_a_draft_of_no_alias_yet_sends_what_it_will_send(house: House) -> None:
    source = TEXT.replace("tuned", "fresh")
    address = f"http://127.0.0.1:{house.port}/api/v1"
    begun = httpx.post(f"{address}/drafts", json={"source_text": source}).json()
    before = tried(house, {"draft_id": begun["id"]})
    path = f"{address}/drafts/{begun['id']}/publish"
    answer = httpx.post(path, json={}, headers={"if-match": "*"})
    assert answer.status_code == 200, answer.text
    assert served(house, "fresh") == before


def test_a_draft_that_is_not_there_cannot_be_tried(house: House) -> None:
    answer = httpx.post(
        f"http://127.0.0.1:{house.port}/api/v1/trials", json={"draft_id": "0" * 32, **HELLO}
    )
    assert answer.status_code == 404, answer.text
    assert answer.json()["error"]["code"] == "draft_not_found"
