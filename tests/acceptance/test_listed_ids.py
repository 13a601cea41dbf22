"""Every id that a list gives is one that the routes of single objects take."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx2 as httpx
import pytest

from tests.support.fixtures import shared_fixtures
from tests.support.hub import place_in_hub
from tests.threats.house import ALIAS, House, make_place, running_house

# What is asked of each thing in a list: method and path.
MODELS = (("GET", "/models/{}"), ("GET", "/models/{}/recipe"))
ALIASES = (
    ("GET", "/aliases/{}"),
    ("GET", "/usage/aliases/{}"),
    ("PUT", "/pins/{}"),
    ("DELETE", "/pins/{}"),
    ("GET", f"/compare?id={ALIAS}&id={{}}"),
)
OWN_ALIASES = (("GET", "/aliases/{}/versions"), ("GET", "/aliases/{}/versions/1"))
# Odd ones, but files nevertheless.
_FILES = (
    "plain.Q8_0.gguf",
    "plain.Q8_0-other.gguf",
    "in a folder/with blanks Q4_K_M.gguf",
    "percent%20sign#and?question.Q5_0.gguf",
    "mod\u00e8le-\u00fcber.gguf",
    "part-00001-of-00002.gguf",
)


@pytest.fixture(scope="module", params=["odd names", "published"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """With model files of many kinds of names, or with the published ones."""
    root = tmp_path_factory.mktemp("listed")
    home, hub = make_place(root)
    if request.param == "published":
        hub = shared_fixtures() / "hf-home" / "hub"
    else:
        for number, name in enumerate(_FILES):
            for snapshot in ("a" * 40, "b" * 40)[: 1 + number % 2]:
                place_in_hub(
                    hub, f"us/odd.{number // 2}-GGUF", name, root / "tiny.gguf", snapshot=snapshot
                )
        (root / "cut.gguf").write_bytes(b"GGUF" + b"\xff" * 60)
        place_in_hub(hub, "us/cut", "cut.Q8_0.gguf", root / "cut.gguf", snapshot="a" * 40)
    with running_house((home, hub)) as running:
        yield running


@pytest.fixture
def client(house: House) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://localhost:{house.port}/api/v1", timeout=60) as made:
        yield made


def _whole(text: str) -> str:
    return quote(text, safe="")


def _with_slashes(text: str) -> str:
    return quote(text, safe="/:@")


def unknown(
    client: httpx.Client,
    name: str,
    asked: tuple[tuple[str, str], ...],
    written: Callable[[str], str] = _whole,
    is_meant: Callable[[Any], bool] = lambda one: True,
) -> list[str]:
    """What is answered with 404 of the things in a list."""
    listed = [one for one in client.get(f"/{name}").json()[name] if is_meant(one)]
    assert listed
    answers = [
        client.request(method, path.format(written(one["id"])))
        for one in listed
        for method, path in asked
    ]
    return [f"{one.request.method} {one.url}" for one in answers if one.status_code >= 400]


@pytest.mark.parametrize("written", [_whole, _with_slashes], ids=["escaped", "as it is"])
def test_models_are_found_under_the_ids_of_their_list(
    client: httpx.Client, written: Callable[[str], str]
) -> None:
    assert unknown(client, "models", MODELS, written) == []
    for one in client.get("/models").json()["models"]:
        assert client.get(f"/models/{written(one['id'])}").json()["model"] == one


def test_aliases_are_found_under_the_ids_of_their_list(client: httpx.Client) -> None:
    assert unknown(client, "aliases", ALIASES) == []
    own = lambda one: one["source"] == "user"  # noqa: E731
    assert unknown(client, "aliases", OWN_ALIASES, is_meant=own) == []
    for one in client.get("/aliases").json()["aliases"]:
        draft = client.post("/drafts", json={"alias_id": one["id"]})
        assert draft.status_code in (200, 201), draft.text


def test_a_route_that_takes_other_ids_would_be_found(client: httpx.Client) -> None:
    assert unknown(client, "models", MODELS, lambda text: _whole(text + "x"))
