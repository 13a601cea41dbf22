"""What the control plane answers about aliases: typed, whole, and 304 while nothing changes."""

import asyncio
import hashlib
import json
import os
import threading
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote

import httpx2 as httpx
import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from bodhi.aliases import listing as listing_module
from bodhi.aliases.check import Checker
from bodhi.aliases.listing import Listing
from bodhi.aliases.routes import alias_routes
from bodhi.aliases.show import show_item
from bodhi.aliases.shown import AliasDetail, AliasItem, AliasList, TraceShown
from bodhi.aliases.store import AliasStore
from bodhi.chat_templates.sources import TemplatePlaces
from bodhi.http.control import control_app
from bodhi.model_files.index import ModelIndex
from bodhi.model_files.live import LiveCatalogue
from bodhi.params.registry import PARAMETERS
from tests.aliases.samples import alias_text, open_store, write_file
from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import write_tiny_gguf

MAIN = "a" * 40
HERE = {"repo": "us/tiny-GGUF", "filename": "tiny.Q8_0.gguf"}
FULL = alias_text("tiny:chat", **HERE, chat_template="llama3") + (
    "context_params:\n  n_ctx: 512\n"
    "request_params:\n  temperature: 0.3\n  seed: 7\n  stop: [<end>]\n"
    "request_policy:\n  seed: enforce\n  top_p: {clamp: [0.1, 0.9]}\n"
)


class Place:
    """One home and hub, and the routes over them."""

    def __init__(self, home: Path, model: Path) -> None:
        self.home, self.hub = home, home / "hub"
        self.path = place_in_hub(
            self.hub, HERE["repo"], HERE["filename"], model, snapshot=MAIN, refs={"main": MAIN}
        )
        write_file(home, "tiny--chat", FULL)
        write_file(home, "gone", alias_text("gone"))
        write_file(home, "broken", "alias: [")
        self.store: AliasStore = open_store(home)
        self.listing = Listing(self.store, Checker(TemplatePlaces(self.hub, self.home), cores=2))
        models = LiveCatalogue(ModelIndex(self.hub))
        app = control_app([alias_routes(self.listing, models)])
        self.client = TestClient(app, base_url="http://localhost")

    def get(self, path: str, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer: Any = self.client.get(f"/api/v1{path}", headers=named)
        return answer  # type: ignore[no-any-return]

    def items(self) -> dict[str, Any]:
        """The list by id."""
        found = self.get("/aliases").json()
        assert found["total"] == len(found["aliases"])
        return {item["id"]: item for item in found["aliases"]}

    def write(self, stem: str, text: str) -> None:
        write_file(self.home, stem, text)
        self.store.reload()


@pytest.fixture
def place(tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    # Scans are cheap here, and a test that waits a second for the next one is not.
    monkeypatch.setattr("bodhi.model_files.live.RECENT_S", 0.0)
    return Place(tmp_path, tiny_model)


def test_user_aliases_and_models_are_one_list(place: Place) -> None:
    items = place.items()
    assert list(items) == ["broken", "gone", "tiny--chat", "us~tiny-GGUF~Q8_0"]
    chat = items["tiny--chat"]
    assert (chat["name"], chat["source"], chat["state"]) == ("tiny:chat", "user", "published")
    assert (chat["repo"], chat["filename"], chat["snapshot"]) == (*HERE.values(), None)
    assert (chat["quantization"], chat["family"]) == ("Q8_0", "llama")
    assert chat["size_bytes"] == place.path.stat().st_size
    assert chat["chat_template"] == {"origin": "builtin", "name": "llama3"}
    written_at = (place.home / "aliases/tiny--chat.yaml").stat().st_mtime
    assert chat["modified_at"] == pytest.approx(written_at, abs=0.001)
    model = items["us~tiny-GGUF~Q8_0"]
    assert (model["name"], model["source"]) == ("us/tiny-GGUF:Q8_0", "model")
    assert (model["snapshot"], model["version"], model["set"]) == (MAIN, None, [])


def test_what_an_alias_sets_is_listed_with_section_and_mode(place: Place) -> None:
    rows = [tuple(row.values()) for row in place.items()["tiny--chat"]["set"]]
    assert rows == [
        ("n_ctx", 512, "context_params", "default", None, False),
        ("temperature", 0.3, "request_params", "default", None, False),
        ("seed", 7, "request_params", "enforce", None, False),
        ("stop", ["<end>"], "request_params", "default", None, False),
        ("top_p", None, "request_params", "clamp", [0.1, 0.9], False),
    ]


def test_an_alias_that_would_not_serve_says_why_and_what_to_do(place: Place) -> None:
    items = place.items()
    gone, broken = items["gone"], items["broken"]
    assert (gone["state"], gone["error"]["code"]) == ("error", "model_file_missing")
    assert gone["error"]["to_type"].startswith("bodhi pull ")
    assert gone["error"]["remedy"].endswith(gone["error"]["to_type"])
    assert gone["quantization"] is gone["size_bytes"] is None
    assert (broken["state"], broken["error"]["code"]) == ("error", "alias_broken")
    assert broken["error"]["to_type"] is None
    assert broken["repo"] is broken["chat_template"] is None


def test_long_values_are_cut_in_the_list_and_whole_in_the_detail(place: Place) -> None:
    prompt, stops = "x" * 5000, [f"<end {number}>" for number in range(16)]
    text = alias_text("long", **HERE) + (
        f"request_params:\n  system_prompt: {prompt}\n  stop: {json.dumps(stops)}\n"
    )
    place.write("long", text)
    listed = {row["key"]: row for row in place.items()["long"]["set"]}
    assert (listed["system_prompt"]["value"], listed["system_prompt"]["cut"]) == ("x" * 120, True)
    assert (listed["stop"]["value"], listed["stop"]["cut"]) == (None, True)
    whole = {row["key"]: row for row in place.get("/aliases/long").json()["set"]}
    assert (whole["system_prompt"]["value"], whole["stop"]["value"]) == (prompt, stops)
    assert not any(row["cut"] for row in whole.values())


def test_the_detail_has_file_trace_model_and_every_parameter(place: Place) -> None:
    detail = place.get("/aliases/tiny--chat").json()
    assert detail["source_text"] == FULL
    assert detail["path"] == str(place.path)
    assert detail["model"]["architecture"] == "llama"
    assert detail["resolution"]["matched"]["id"] == "tiny--chat"
    assert detail["resolution"]["model"]["path"] == str(place.path)
    effective = {row["key"]: row for row in detail["effective"]}
    assert list(effective) == list(PARAMETERS)
    assert effective["temperature"]["ladder"] == [
        {"layer": "alias default", "value": 0.3},
        {"layer": "engine default", "value": 0.8},
    ]
    assert (effective["top_p"]["value"], effective["top_p"]["layer"]) == (0.9, "alias clamp")
    assert (effective["n_threads"]["value"], effective["n_threads"]["layer"]) == (
        2,
        "bodhi default",
    )


def test_a_model_has_a_detail_without_a_file_of_its_own(place: Place) -> None:
    detail = place.get("/aliases/us~tiny-GGUF~Q8_0").json()
    assert (detail["source_text"], detail["source"]) == (None, "model")
    assert detail["effective"]


def test_a_broken_alias_can_still_be_looked_at(place: Place) -> None:
    detail = place.get("/aliases/broken").json()
    assert detail["source_text"] == "alias: ["
    assert (detail["model"], detail["effective"], detail["path"]) == (None, [], None)
    assert detail["resolution"]["error"]["code"] == "alias_broken"
    place.write("binary", "")
    write_file(place.home, "binary", b"\xff\xfe\x00")
    place.store.reload()
    assert place.get("/aliases/binary").json()["source_text"] is None


@pytest.mark.parametrize("nobody", ["nothing", "..", "%2e%2e%2fx", "a/b", "us~tiny-GGUF~Q4_0"])
def test_an_id_that_is_nobodys_is_not_found(place: Place, nobody: str) -> None:
    refused = place.get(f"/aliases/{nobody}")
    assert refused.status_code == 404


ODD_LINES = [
    'request_params: {system_prompt: "\\ud800"}\n',
    'request_params: {logit_bias: {"1": .nan, "2": .inf}}\n',
    "request_params: {response_format: {a: [123456789012345678901234567890]}}\n",
    "request_params: {chat_template_kwargs: {x: 1e400}}\n",
    'request_params: {user: "\\0\\e[31m<script>"}\n',
    'chat_template: "{{ \\udfff }}"\n',
    "context_params: {n_ctx: 10000000, n_parallel: 256}\n",
    "more: {deep: [[[[1e999]]]]}\n",
]


def test_whatever_an_alias_file_holds_the_others_are_listed(place: Place) -> None:
    for number, lines in enumerate(ODD_LINES):
        write_file(place.home, f"odd-{number}", alias_text(f"odd-{number}", **HERE) + lines)
    for name in (b"\xff\xfe.yaml", "é ü~~.yaml".encode(), b"line\nbreak.yaml"):
        with open(os.fsencode(place.home) + b"/aliases/" + name, "wb") as file:  # noqa: PTH123
            file.write(alias_text("q").encode())
    place.store.reload()
    items = place.items()
    assert len(items) == 4 + len(ODD_LINES) + 3
    assert items["tiny--chat"]["state"] == "published"
    for alias_id in items:
        shown = place.get(f"/aliases/{quote(alias_id, safe='')}")
        assert shown.status_code == 200, alias_id
        assert shown.json()["id"] == alias_id


def test_a_file_that_has_the_id_of_a_model_hides_nothing(place: Place) -> None:
    """No alias can be called so, but a file can."""
    place.write("us~tiny-GGUF~Q8_0", alias_text("other", **HERE))
    found = place.get("/aliases").json()
    assert found["total"] == len(found["aliases"]) == 5
    same = [item for item in found["aliases"] if item["id"] == "us~tiny-GGUF~Q8_0"]
    assert [(item["source"], item["state"]) for item in same] == [
        ("user", "error"),
        ("model", "published"),
    ]


def test_the_detail_is_of_the_text_that_it_shows(place: Place) -> None:
    """Also where the file was changed a moment ago and nobody has looked yet."""
    write_file(place.home, "tiny--chat", FULL.replace("0.3", "0.9"))
    detail = place.get("/aliases/tiny--chat").json()
    assert "temperature: 0.9" in detail["source_text"]
    assert detail["etag"] == hashlib.sha256(detail["source_text"].encode()).hexdigest()
    assert [row["value"] for row in detail["set"] if row["key"] == "temperature"] == [0.9]


def test_a_shadowed_alias_is_marked_in_list_and_detail(place: Place) -> None:
    place.write("us--tiny-GGUF--Q8_0", alias_text("us/tiny-GGUF:Q8_0", **HERE))
    for shown in (
        place.items()["us--tiny-GGUF--Q8_0"],
        place.get("/aliases/us--tiny-GGUF--Q8_0").json(),
    ):
        assert [finding["code"] for finding in shown["findings"]] == ["shadowed"]
    assert place.items()["us~tiny-GGUF~Q8_0"]["findings"][0]["code"] == "shadowed"


def test_any_name_can_be_resolved(place: Place) -> None:
    told = place.get("/resolve?model=us/tiny-GGUF").json()
    assert (told["matched"]["name"], told["error"]) == ("us/tiny-GGUF:Q8_0", None)
    lost = place.get("/resolve?model=tiny:chta").json()
    assert lost["matched"] is None
    assert lost["error"]["remedy"].startswith("Did you mean tiny:chat")
    for wrong in ("/resolve", "/resolve?model=", f"/resolve?model={'x' * 513}"):
        refused = place.get(wrong)
        assert (refused.status_code, refused.json()["error"]["pointer"]) == (400, "/model")


def test_the_same_list_is_sent_once(place: Place) -> None:
    first = place.get("/aliases")
    assert first.headers["cache-control"] == "no-cache"
    again = place.get("/aliases", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    detail = place.get("/aliases/gone")
    assert place.get("/aliases/gone", if_none_match=detail.headers["etag"]).status_code == 304


def changes(place: Place) -> list[tuple[str, Any]]:
    """Things that change what the list says."""
    other = place.home / "other.gguf"
    write_tiny_gguf(other, seed=1, name="other", ctx=1024)
    file = "other.Q4_0.gguf"
    template = (place.home / "template.json").absolute()
    template.write_text(json.dumps({"chat_template": "{{ messages }}"}))

    def publish() -> None:
        place_in_hub(place.hub, "us/away", "tokenizer_config.json", template, snapshot=MAIN)

    return [
        ("an edit", lambda: place.write("tiny--chat", FULL.replace("0.3", "0.4"))),
        ("a new alias", lambda: place.write("b", alias_text("b", **HERE))),
        ("one with a template away", lambda: place.write("c", _with_template("us/away"))),
        ("the template comes", publish),
        ("an alias goes", lambda: place.store.delete("b", if_etag=None)),
        ("it breaks", lambda: place.write("tiny--chat", "alias: [")),
        ("it is mended", lambda: place.write("tiny--chat", FULL)),
        ("a model comes", lambda: place_in_hub(place.hub, "us/o", file, other, snapshot=MAIN)),
        ("a model goes", place.path.unlink),
    ]


def _with_template(repo: str) -> str:
    return alias_text("c", **HERE, chat_template=repo)


def test_every_change_is_in_the_next_list_and_has_another_etag(place: Place) -> None:
    etag = place.get("/aliases").headers["etag"]
    for what, change in changes(place):
        change()
        answer = place.get("/aliases", if_none_match=etag)
        assert answer.status_code == 200, what
        etag = answer.headers["etag"]
        # The kept pieces say what a list put together anew would.
        fresh = Listing(place.store, Checker(TemplatePlaces(place.hub, place.home), cores=2))
        anew = fresh.all(ModelIndex(place.hub).scan())
        assert answer.content == b"".join(anew.parts), what


def test_a_list_that_kept_too_much_would_be_found(place: Place) -> None:
    with (
        mock.patch.object(listing_module, "_place_of", return_value=None),
        pytest.raises(AssertionError, match="a model goes"),
    ):
        test_every_change_is_in_the_next_list_and_has_another_etag(place)


def test_an_unchanged_alias_is_not_shown_anew(place: Place) -> None:
    place.items()
    with mock.patch("bodhi.aliases.listing.show_item", wraps=show_item) as shown:
        place.items()
        assert shown.call_count == 0
        place.write("gone", alias_text("gone", snapshot="x"))
        place.items()
        assert shown.call_count == 1


def test_answers_are_what_the_schema_says(place: Place) -> None:
    kinds: list[tuple[str, Any]] = [
        ("/aliases", AliasList),
        ("/aliases/tiny--chat", AliasDetail),
        ("/aliases/broken", AliasDetail),
        ("/resolve?model=nothing", TraceShown),
    ]
    for path, kind in kinds:
        body = place.get(path).content
        read = TypeAdapter(kind).validate_json(body, strict=True)
        assert json.loads(read.model_dump_json()) == json.loads(body)
        assert set(read.model_dump()) == set(json.loads(body))


def test_a_row_of_the_detail_is_the_row_of_the_list(place: Place) -> None:
    detail = place.get("/aliases/tiny--chat").json()
    listed = place.items()["tiny--chat"]
    assert {key: detail[key] for key in AliasItem.model_fields} == listed


def test_long_lists_come_in_parts_of_bounded_size_and_as_they_are(place: Place) -> None:
    for number in range(300):
        write_file(place.home, f"n--{number}", alias_text(f"n:{number}", **HERE))
    place.store.reload()
    answer = place.listing.all(ModelIndex(place.hub).scan())
    assert len(answer.parts) > 5
    assert max(map(len, answer.parts)) < 100_000
    response = place.get("/aliases")
    assert response.content == b"".join(answer.parts)
    assert response.headers["content-length"] == str(len(response.content))
    assert response.json()["total"] == 304


@pytest.mark.anyio
async def test_the_list_is_made_beside_the_event_loop(place: Place) -> None:
    """Reading what the routes read must not happen on the thread that relays answers."""
    threads: set[int] = set()
    everything = place.listing.all

    def remember(*arguments: Any) -> Any:
        threads.add(threading.get_ident())
        return everything(*arguments)

    models = LiveCatalogue(ModelIndex(place.hub))
    with mock.patch.object(place.listing, "all", remember):
        app = control_app([alias_routes(place.listing, models)])
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answers = await asyncio.gather(*(client.get("/api/v1/aliases") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert threads
    assert threading.get_ident() not in threads


def test_what_is_odd_is_told_with_the_patch_that_mends_it(place: Place) -> None:
    odd = "request_params:\n  temperature: 0.7\n  top_p: 0.9\ncontext_params:\n  n_threads: 64\n"
    place.write("odd", alias_text("odd", **HERE) + odd)
    listed, detail = place.items()["odd"], place.get("/aliases/odd").json()
    assert listed["findings"] == detail["findings"]
    assert listed["state"] == "published", "a finding keeps nothing from serving"
    first, second = listed["findings"]
    assert (first["code"], first["severity"]) == ("temperature_with_top_p", "warning")
    assert first["params"] == ["temperature", "top_p"]
    assert first["fix"] == {
        "label": "Unset Top-p",
        "patch": [{"path": ["request_params", "top_p"], "value": None}],
    }
    assert second["message"] == "64 threads on 2 cores hinder one another."


def test_the_patch_of_a_shadowed_alias_gives_it_a_name_of_its_own(place: Place) -> None:
    name, stem = "us/tiny-GGUF:Q8_0", "us--tiny-GGUF--Q8_0"
    place.write(stem, alias_text(name, **HERE))
    (finding,) = place.items()[stem]["findings"]
    assert finding["code"] == "shadowed"
    assert finding["fix"]["patch"] == [{"path": ["alias"], "value": f"{name}-2"}]
    (place.home / "aliases" / f"{stem}.yaml").unlink()
    place.write(f"{stem}-2", alias_text(f"{name}-2", **HERE))
    assert place.items()[f"{stem}-2"]["findings"] == []
