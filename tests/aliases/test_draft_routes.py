"""Drafts, versions and pins over HTTP: each operation, and each way in which it is refused."""

from typing import Any

import httpx2 as httpx
import pytest
from pydantic import TypeAdapter

from bodhi.aliases.drafts_shown import DifferenceShown, DraftDetail, DraftList, VersionList
from tests.aliases.samples import write_file
from tests.aliases.served import COMMENTED, FILE, MODEL_ID, RECIPE, REPO, Served, patch, refusal

NOBODY = "0" * 32
TEMPERATURE = ["request_params", "temperature"]


def begin(served: Served, **asked: Any) -> dict[str, Any]:
    """A new draft."""
    answer = served.ask("POST", "/drafts", asked)
    assert answer.status_code == 201, answer.text
    return checked(answer)


def checked(answer: httpx.Response) -> dict[str, Any]:
    """The draft of an answer, whose type and ETag are right."""
    TypeAdapter(DraftDetail).validate_json(answer.content, strict=True)
    detail: dict[str, Any] = answer.json()
    assert answer.headers["etag"] == f'"{detail["etag"]}"'
    return detail


def draft_of(served: Served, text: str | None = COMMENTED) -> tuple[dict[str, Any], dict[str, Any]]:
    """A new alias and its draft."""
    made = served.new(text)
    return made, begin(served, alias_id=made["id"])


# -- Beginning.


def test_a_draft_begins_as_the_alias_it_is_of_and_is_the_only_one(served: Served) -> None:
    made, draft = draft_of(served)
    assert draft["source_text"] == made["source_text"]
    assert (draft["alias_id"], draft["name"]) == (made["id"], made["name"])
    assert (draft["base_etag"], draft["base_version"]) == (made["etag"], 1)
    assert draft["errors"] == draft["changes"] == []
    assert draft["effective"] == made["effective"]
    assert draft["recipe"]["name"] == made["name"]
    assert draft["recipe"]["request_params"] == {
        one["key"]: one["value"] for one in made["set"] if one["section"] == "request_params"
    }
    again = served.ask("POST", "/drafts", {"alias_id": made["id"]})
    assert (again.status_code, checked(again)) == (200, draft)
    listed = served.ask("GET", "/drafts")
    TypeAdapter(DraftList).validate_json(listed.content, strict=True)
    assert draft["id"] in [one["id"] for one in listed.json()["drafts"]]
    shown = served.ask("GET", f"/drafts/{draft['id']}")
    assert checked(shown) == draft


def test_a_draft_begins_as_a_model_a_recipe_or_a_text(served: Served) -> None:
    model = begin(served, alias_id=MODEL_ID)
    assert (model["alias_id"], f"repo: {REPO}\n" in model["source_text"]) == (None, True)
    # The name of a model is no name for a file of one's own until it is changed.
    recipe = begin(served, recipe={"name": served.new_name(), **RECIPE})
    assert (recipe["uid"], recipe["errors"], recipe["is_stale"]) == (None, [], False)
    assert {change["path"][0] for change in recipe["changes"]} == {"alias", "repo", "filename"}
    text = begin(served, source_text="alias: [")
    assert (text["name"], text["errors"][0]["line"], text["effective"]) == (None, 2, [])


def test_a_draft_begins_with_a_preset_laid_over_a_model_an_alias_a_recipe_or_a_text(
    served: Served,
) -> None:
    made = served.new(COMMENTED)
    own = f"alias: {served.new_name()}\nrepo: {REPO}\nfilename: {FILE}  # kept\n"
    for asked in (
        {"alias_id": MODEL_ID},
        {"alias_id": made["id"]},
        {"recipe": {"name": served.new_name(), **RECIPE}},
        {"source_text": own},
    ):
        draft = begin(served, **asked, preset="coding")
        recipe = draft["recipe"]
        assert recipe["context_params"]["n_ctx"] == 16_384
        assert recipe["request_params"]["temperature"] == 0.2
        assert "\npreset: coding\n" in draft["source_text"]
    assert draft["source_text"].startswith(own)
    of_alias = served.ask("GET", "/drafts").json()["drafts"][2]
    assert of_alias["alias_id"] == made["id"]
    shown = served.ask("GET", f"/drafts/{of_alias['id']}").json()["source_text"]
    assert "ctx-size: 16384  # small" in shown


def test_a_preset_that_is_not_there_or_comes_too_late_is_refused(served: Served) -> None:
    made, draft = draft_of(served)
    asked = {"alias_id": made["id"], "preset": "coding"}
    assert refusal(served.ask("POST", "/drafts", asked))[0] == 409
    assert served.ask("GET", f"/drafts/{draft['id']}").json() == draft
    number = len(served.ask("GET", "/drafts").json()["drafts"])
    nobody = {"alias_id": MODEL_ID, "preset": "codin"}
    assert refusal(served.ask("POST", "/drafts", nobody))[:2] == (404, "preset_not_found")
    unread = {"source_text": "alias: [", "preset": "coding"}
    assert refusal(served.ask("POST", "/drafts", unread))[:2] == (400, "alias_file_invalid")
    assert len(served.ask("GET", "/drafts").json()["drafts"]) == number


@pytest.mark.parametrize(
    "asked",
    [{}, {"alias_id": "a", "source_text": "b"}, {"alias_id": 7}, {"preset": "x"}, [], None],
)
def test_a_draft_of_nothing_or_of_two_things_is_refused(served: Served, asked: object) -> None:
    assert refusal(served.ask("POST", "/drafts", asked))[:2] == (400, "invalid_request")


def test_a_draft_of_an_alias_that_is_not_there_is_refused(served: Served) -> None:
    for alias_id in ("nobody", "../tiny", "a~b~c"):
        asked = {"alias_id": alias_id}
        assert refusal(served.ask("POST", "/drafts", asked))[:2] == (404, "model_not_found")


# -- Changing.


def test_an_edit_changes_one_line_and_says_what_that_comes_to(served: Served) -> None:
    made, draft = draft_of(served)
    edits = patch((TEMPERATURE, 0.9), (["context_params", "n_ctx"], None))
    answer = served.ask("PATCH", f"/drafts/{draft['id']}", edits, etag=draft["etag"])
    after = checked(answer)
    wanted = draft["source_text"].replace("0.3", "0.9")
    assert after["source_text"] == wanted.replace("  ctx-size: 512  # small\n", "").replace(
        "context_params:\n", "context_params: {}\n"
    )
    assert after["changes"] == [
        {"path": ["context_params", "n_ctx"], "before": 512, "after": None},
        {"path": TEMPERATURE, "before": 0.3, "after": 0.9},
    ]
    effective = {one["key"]: one["value"] for one in after["effective"]}
    assert effective["temperature"] == 0.9
    assert (after["seq"], after["etag"] != draft["etag"]) == (2, True)
    assert served.show(made["id"])["source_text"] == made["source_text"]


def test_a_text_that_cannot_be_read_is_kept_with_its_line(served: Served) -> None:
    _, draft = draft_of(served)
    broken = draft["source_text"] + "request_policy:\n  - [\n"
    answer = served.ask(
        "PUT", f"/drafts/{draft['id']}", {"source_text": broken}, etag=draft["etag"]
    )
    after = checked(answer)
    assert after["source_text"] == broken
    assert after["errors"][0]["code"] == "alias_file_invalid"
    assert after["errors"][0]["line"] >= 10
    again = served.ask("PATCH", f"/drafts/{draft['id']}", patch((TEMPERATURE, 1)), etag="*")
    assert refusal(again)[:2] == (400, "alias_file_invalid")
    assert checked(served.ask("GET", f"/drafts/{draft['id']}")) == after


def test_a_draft_says_why_it_would_not_serve(served: Served) -> None:
    name = served.new_name()
    missing = begin(served, recipe={"name": name, **RECIPE, "filename": "absent.gguf"})
    assert [error["code"] for error in missing["errors"]] == ["model_file_missing"]
    taken = begin(served, recipe={"name": "tiny", **RECIPE})
    assert [error["code"] for error in taken["errors"]] == ["name_taken"]
    both = {"temperature": 0.5, "top_p": 0.9}
    odd = begin(served, recipe={"name": name, **RECIPE, "request_params": both})
    assert odd["findings"]


CHANGES: list[tuple[str, str, object]] = [
    ("PUT", "/drafts/{}", {"source_text": "x"}),
    ("PATCH", "/drafts/{}", patch((TEMPERATURE, 1))),
    ("DELETE", "/drafts/{}", None),
    ("POST", "/drafts/{}/publish", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_a_change_says_what_it_is_based_on(
    served: Served, method: str, path: str, body: object
) -> None:
    _, draft = draft_of(served)
    at = path.format(draft["id"])
    assert refusal(served.ask(method, at, body))[:2] == (428, "precondition_missing")
    assert refusal(served.ask(method, at, body, etag="0" * 64))[:2] == (412, "draft_changed")
    missing = served.ask(method, path.format(NOBODY), body, etag="*")
    assert refusal(missing)[:2] == (404, "draft_not_found")
    assert checked(served.ask("GET", f"/drafts/{draft['id']}")) == draft


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/drafts/{}", {}),
        ("PUT", "/drafts/{}", {"source_text": 7}),
        ("PUT", "/drafts/{}", {"source_text": "x" * (256 * 1024 + 1)}),
        ("PATCH", "/drafts/{}", {"edits": []}),
        ("PATCH", "/drafts/{}", patch(([], 1))),
        ("PATCH", "/drafts/{}", patch((["request_params"], {"temperature": {}}))),
        ("POST", "/drafts/{}/publish", {"note": "x" * 2001}),
        ("POST", "/drafts/{}/publish", {"colour": "red"}),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    served: Served, method: str, path: str, body: object
) -> None:
    _, draft = draft_of(served)
    answer = served.ask(method, path.format(draft["id"]), body, etag=draft["etag"])
    if method == "PATCH" and answer.status_code == 200:
        # A value out of its range is a draft's business: it is kept, and told.
        assert answer.json()["errors"]
        return
    assert refusal(answer)[0] == 400
    assert checked(served.ask("GET", f"/drafts/{draft['id']}")) == draft


def test_a_discarded_draft_is_gone_and_its_alias_as_it_was(served: Served) -> None:
    made, draft = draft_of(served)
    answer = served.ask("DELETE", f"/drafts/{draft['id']}", etag=draft["etag"])
    assert (answer.status_code, answer.content) == (204, b"")
    for path in (f"/drafts/{draft['id']}", f"/drafts/{draft['id']}/diff"):
        assert refusal(served.ask("GET", path))[:2] == (404, "draft_not_found")
    assert served.show(made["id"]) == made


# -- Publishing, and versions.


def published(served: Served) -> dict[str, Any]:
    """An alias with a second version, which was a draft."""
    _, draft = draft_of(served)
    edits = patch((TEMPERATURE, 0.9))
    draft = checked(served.ask("PATCH", f"/drafts/{draft['id']}", edits, etag=draft["etag"]))
    answer = served.ask(
        "POST", f"/drafts/{draft['id']}/publish", {"note": "Warmer."}, etag=draft["etag"]
    )
    assert answer.status_code == 200, answer.text
    detail: dict[str, Any] = answer.json()
    assert detail["source_text"] == draft["source_text"]
    return detail


def test_a_publish_is_a_version_and_requests_get_either(served: Served) -> None:
    alias = published(served)
    answer = served.ask("GET", f"/aliases/{alias['id']}/versions")
    TypeAdapter(VersionList).validate_json(answer.content, strict=False)
    versions = answer.json()["versions"]
    assert [(v["version"], v["how"], v["note"], v["is_current"]) for v in versions] == [
        (2, "publish", "Warmer.", True),
        (1, "edit", None, False),
    ]
    first = served.ask("GET", f"/aliases/{alias['id']}/versions/1").json()
    assert "temperature: 0.3" in first["source_text"]
    names = {1: 0.3, 2: 0.9}
    for number, temperature in names.items():
        name = f"{alias['name']}@{number}"
        said = served.ask("GET", f"/resolve?model={name}").json()
        assert said["error"] is None
        body = {"model": name, "prompt": "x", "max_tokens": 1}
        done = served.client.post("/v1/completions", json=body)
        assert done.status_code == 200, done.text
        assert done.headers["x-bodhi-alias"] == name
        request_id = done.headers["x-request-id"]
        told = served.ask("GET", f"/requests/{request_id}/explain")
        if told.status_code == 200:
            values = {one["key"]: one["value"] for one in told.json()["parameters"]}
            assert values["temperature"] == temperature
    gone = served.client.post("/v1/completions", json={"model": f"{alias['name']}@9", "prompt": ""})
    assert gone.status_code == 404


def test_versions_are_compared_field_by_field_and_line_by_line(served: Served) -> None:
    alias = published(served)
    answer = served.ask("GET", f"/aliases/{alias['id']}/diff?a=1&b=2")
    TypeAdapter(DifferenceShown).validate_json(answer.content, strict=True)
    found = answer.json()
    assert found["changes"] == [{"path": TEMPERATURE, "before": 0.3, "after": 0.9}]
    assert "-  temperature: 0.3\n+  temperature: 0.9\n" in found["text"]
    back = served.ask("GET", f"/aliases/{alias['id']}/diff?a=2&b=1").json()
    assert back["changes"] == [{"path": TEMPERATURE, "before": 0.9, "after": 0.3}]


def test_a_restored_version_is_a_new_one(served: Served) -> None:
    alias = published(served)
    path = f"/aliases/{alias['id']}/versions/1/restore"
    assert refusal(served.ask("POST", path, {}))[:2] == (428, "precondition_missing")
    assert refusal(served.ask("POST", path, {}, etag="0" * 64))[:2] == (412, "alias_changed")
    answer = served.ask("POST", path, {"note": "Colder."}, etag=alias["etag"])
    assert answer.status_code == 200
    assert (answer.json()["version"], "0.3" in answer.json()["source_text"]) == (3, True)
    newest = served.ask("GET", f"/aliases/{alias['id']}/versions").json()["versions"][0]
    assert (newest["how"], newest["note"]) == ("restore", "Colder.")


def test_an_alias_that_changed_meanwhile_is_not_written_over_unseen(served: Served) -> None:
    made, draft = draft_of(served)
    theirs = made["source_text"] + "# by hand\n"
    write_file(served.home, made["id"], theirs)
    edits = patch((TEMPERATURE, 0.9))
    draft = checked(served.ask("PATCH", f"/drafts/{draft['id']}", edits, etag=draft["etag"]))
    path = f"/drafts/{draft['id']}/publish"
    answer = served.ask("POST", path, {}, etag=draft["etag"])
    assert refusal(answer)[:2] == (412, "alias_changed")
    difference = answer.json()["difference"]
    assert "-# by hand\n" in difference["text"]
    assert served.show(made["id"])["source_text"] == theirs
    assert checked(served.ask("GET", f"/drafts/{draft['id']}"))["is_stale"]
    over = {"over": difference["before_etag"]}
    assert served.ask("POST", path, over, etag=draft["etag"]).status_code == 200
    hows = [
        v["how"] for v in served.ask("GET", f"/aliases/{made['id']}/versions").json()["versions"]
    ]
    assert hows == ["publish", "hand", "edit"]


@pytest.mark.parametrize(
    "path",
    ["/aliases/{}/versions/9", "/aliases/{}/diff?a=1&b=9", "/aliases/{}/diff?a=9&b=1"],
)
def test_a_version_that_is_not_there_is_not_found(served: Served, path: str) -> None:
    made = served.new()
    assert refusal(served.ask("GET", path.format(made["id"])))[:2] == (404, "version_not_found")
    missing = served.ask("GET", path.format("nobody"))
    assert refusal(missing)[:2] == (404, "model_not_found")
    restore = f"/aliases/{made['id']}/versions/9/restore"
    assert refusal(served.ask("POST", restore, {}, etag="*"))[:2] == (404, "version_not_found")


@pytest.mark.parametrize(
    "path",
    [
        "/aliases/tiny/versions/0",
        "/aliases/tiny/versions/x",
        "/aliases/tiny/versions/-1",
        "/aliases/tiny/diff",
        "/aliases/tiny/diff?a=1&b=x",
        "/aliases/tiny/diff?a=1&b=99999999999999999999",
    ],
)
def test_a_version_that_is_no_number_is_refused(served: Served, path: str) -> None:
    assert refusal(served.ask("GET", path))[:2] == (400, "invalid_request")


# -- Pins.


def test_a_pin_stays_through_a_rename_and_goes_when_it_is_removed(served: Served) -> None:
    made = served.new()
    for alias_id in (made["id"], MODEL_ID, made["id"]):
        assert served.ask("PUT", f"/pins/{alias_id}").status_code == 204
    name = served.new_name()
    served.ask("POST", f"/aliases/{made['id']}/rename", {"name": name}, etag=made["etag"])
    renamed = name.replace(":", "--")
    pins = served.ask("GET", "/pins").json()
    assert [pin["id"] for pin in pins["pins"]] == [renamed, MODEL_ID]
    for alias_id in (renamed, MODEL_ID, renamed):
        assert served.ask("DELETE", f"/pins/{alias_id}").status_code == 204
    assert served.ask("GET", "/pins").json() == {"total": 0, "pins": []}


def test_what_is_not_there_cannot_be_pinned(served: Served) -> None:
    for alias_id in ("nobody", "..", "a~b~c"):
        for method in ("PUT", "DELETE"):
            answer = served.ask(method, f"/pins/{alias_id}")
            assert answer.status_code in (404, 405)


# -- Access.


def test_nothing_is_told_or_changed_without_a_key(locked: Served) -> None:
    for method, path in [
        ("GET", "/drafts"),
        ("POST", "/drafts"),
        ("GET", f"/drafts/{NOBODY}/diff"),
        *((method, path.format(NOBODY)) for method, path, _ in CHANGES),
        ("GET", "/aliases/tiny/versions"),
        ("GET", "/aliases/tiny/versions/1"),
        ("GET", "/aliases/tiny/diff?a=1&b=1"),
        ("POST", "/aliases/tiny/versions/1/restore"),
        ("GET", "/pins"),
        ("PUT", "/pins/tiny"),
        ("DELETE", "/pins/tiny"),
    ]:
        answer = locked.client.request(method, f"/api/v1{path}")
        assert refusal(answer)[:2] == (401, "invalid_api_key"), path
    assert locked.ask("GET", "/pins").json() == {"total": 0, "pins": []}
