"""Validating, comparing, changing, exporting many aliases over HTTP; what of it is refused."""

import base64
from typing import Any

import pytest
from pydantic import TypeAdapter

from bodhi.aliases.many_shown import ArchiveShown, BatchShown, Comparison, ValidationShown
from tests.aliases.archives import zipped
from tests.aliases.served import (
    COMMENTED,
    FILE,
    MODEL_ID,
    RECIPE,
    REPO,
    Body,
    Served,
    patch,
    refusal,
)


def validated(served: Served, **body: Any) -> Body:
    answer = served.ask("POST", "/aliases/validate", body)
    assert answer.status_code == 200, answer.text
    TypeAdapter(ValidationShown).validate_json(answer.content)
    found: Body = answer.json()
    return found


def batch(served: Served, body: Body, *, dry_run: bool = False) -> Body:
    answer = served.ask("POST", f"/aliases/batch?dry_run={str(dry_run).lower()}", body)
    assert answer.status_code == 200, answer.text
    TypeAdapter(BatchShown).validate_json(answer.content)
    found: Body = answer.json()
    return found


def items(*aliases: Body) -> list[Body]:
    return [{"id": one["id"], "etag": one["etag"]} for one in aliases]


# -- Validating.


def test_a_recipe_is_shown_in_its_other_form_with_its_values(served: Served) -> None:
    recipe = {"name": "not:saved", **RECIPE, "request_params": {"temperature": 0.3}}
    found = validated(served, recipe=recipe)
    assert (found["id"], found["errors"]) == ("not--saved", [])
    assert found["source_text"].startswith("alias: not:saved\n")
    again = validated(served, source_text=found["source_text"])
    assert again["recipe"] == found["recipe"]
    assert again["recipe"]["request_params"] == {"temperature": 0.3}
    told = {one["key"]: one for one in again["effective"]}
    assert told["temperature"]["layer"] == "alias default"
    assert served.ask("GET", "/aliases/not--saved").status_code == 404


def test_every_error_has_its_place_and_its_line(served: Served) -> None:
    text = "alias: tiny\nrepo: us/other-GGUF\nfilename: absent.gguf\nchat_template: nobody/none\n"
    found = validated(served, source_text=text)
    places = {one["code"]: (one["pointer"], one["line"]) for one in found["errors"]}
    assert places["name_taken"] == ("/alias", 1)
    assert places["model_file_missing"] == ("/filename", 3)
    assert validated(served, source_text="alias: [")["errors"][0]["line"] == 2
    assert validated(served, source_text=text, id="tiny")["errors"][0]["code"] != "name_taken"


def test_a_finding_points_at_its_place_and_brings_its_patch(served: Served) -> None:
    params = {"temperature": 0.9, "top_p": 0.5}
    found = validated(served, recipe={"name": "x", **RECIPE, "request_params": params})
    finding = next(one for one in found["findings"] if set(one["params"]) == set(params))
    assert finding["pointer"] in ("/request_params/temperature", "/request_params/top_p")
    assert finding["fix"]["patch"][0]["path"][0] == "request_params"


@pytest.mark.parametrize(
    "body", [{}, {"recipe": {"name": "x"}}, {"source_text": 7}, {"source_text": "", "id": ""}]
)
def test_what_cannot_be_validated_is_a_400(served: Served, body: Body) -> None:
    assert served.ask("POST", "/aliases/validate", body).status_code == 400


# -- Comparing.


def test_aliases_are_compared_field_by_field_and_as_they_come_out(served: Served) -> None:
    one = served.new(request_params={"temperature": 0.1}, tags=["a"])
    other = served.new(filename="absent.gguf", request_params={"temperature": 0.9})
    answer = served.ask("GET", f"/compare?id={one['id']}&id={other['id']}&id={MODEL_ID}")
    assert answer.status_code == 200
    TypeAdapter(Comparison).validate_json(answer.content)
    found = answer.json()
    assert [item["id"] for item in found["aliases"]] == [one["id"], other["id"], MODEL_ID]
    fields = {row["name"]: row for row in found["fields"]}
    assert fields["source"]["values"] == ["user", "user", "model"]
    assert fields["repo"]["differs"] is False
    assert fields["tags"]["values"] == [["a"], [], []]
    rows = {row["key"]: row for row in found["parameters"]}
    values = [value and value["value"] for value in rows["temperature"]["values"]]
    assert values[0] == 0.1
    assert rows["temperature"]["differs"] is True
    assert rows["temperature"]["values"][0]["layer"] == "alias default"
    assert rows["seed"]["differs"] is False


@pytest.mark.parametrize(("query", "status"), [("id=tiny", 400), ("", 400), ("id=tiny&id=no", 404)])
def test_what_cannot_be_compared_is_refused(served: Served, query: str, status: int) -> None:
    assert served.ask("GET", f"/compare?{query}").status_code == status
    five = "&".join(["id=tiny"] * 5)
    assert served.ask("GET", f"/compare?{five}").status_code == 400


# -- Many at once.


def test_a_dry_run_says_what_would_change_and_changes_nothing(served: Served) -> None:
    one, other = served.new(COMMENTED), served.new(request_params={"temperature": 0.2})
    edits = patch((["request_params", "temperature"], 0.2))["edits"]
    body = {"items": items(one, other), "change": {"action": "edit", "edits": edits}}
    found = batch(served, body, dry_run=True)
    assert (found["changed"], found["skipped"], found["undo"]) == (1, 1, [])
    first, second = found["items"]
    assert first["changes"] == [
        {"path": ["request_params", "temperature"], "before": 0.3, "after": 0.2}
    ]
    assert (second["status"], second["reason"]["code"]) == ("skipped", "unchanged")
    assert [served.show(each["id"]) for each in (one, other)] == [one, other]
    made = batch(served, body)
    assert [each["changes"] for each in made["items"]] == [first["changes"], []]
    assert served.show(one["id"])["etag"] == made["items"][0]["etag"] != one["etag"]


CHANGES: list[Body] = [
    {"action": "edit", "edits": patch((["request_params", "seed"], 7))["edits"]},
    {"action": "preset", "preset": "coding"},
    {"action": "tag", "tags": ["new", "old"]},
    {"action": "untag", "tags": ["old"]},
    {"action": "delete"},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change["action"])
def test_one_undo_gives_everything_back_byte_for_byte_and_can_be_undone(
    served: Served, change: Body
) -> None:
    made = [served.new(f"{COMMENTED}tags: [old]  # {number}\n") for number in range(3)]
    there = [served.file(one["id"]) for one in made]
    before = [path.read_text() for path in there]
    done = batch(served, {"items": items(*made), "change": change})
    assert done["changed"] == 3
    after = [path.read_text() if path.exists() else None for path in there]
    assert all(one != other for one, other in zip(before, after, strict=True))
    undone = batch(served, {"undo": done["undo"]})
    assert undone["changed"] == 3
    assert [path.read_text() for path in there] == before
    again = batch(served, {"undo": undone["undo"]})
    assert again["changed"] == 3
    assert [path.read_text() if path.exists() else None for path in there] == after


def test_each_alias_is_changed_wholly_or_skipped_with_its_reason(served: Served) -> None:
    good, stale, broken, by_hand = (served.new(COMMENTED) for _ in range(4))
    served.file(broken["id"]).write_text("alias: [")
    stale["etag"] = "0" * 64
    edits = patch((["chat_template"], "llama3"), (["request_params", "stop", "x"], 1))["edits"]
    listed = [
        *items(good, stale, broken),
        {"id": MODEL_ID, "etag": "*"},
        {"id": "nowhere", "etag": "*"},
    ]
    refused = batch(served, {"items": listed, "change": {"action": "edit", "edits": edits}})
    codes = [one["reason"]["code"] for one in refused["items"]]
    assert codes[1:] == [
        *("alias_changed", "alias_changed"),
        *("alias_not_editable", "model_not_found"),
    ]
    assert served.show(good["id"]) == good
    tag = {"action": "tag", "tags": ["x"]}
    found = batch(served, {"items": [*listed, *items(by_hand)], "change": tag})
    assert [one["status"] for one in found["items"]] == [
        "changed", "skipped", "skipped", "skipped", "skipped", "changed"
    ]  # fmt: skip


def test_what_was_changed_since_is_not_undone(served: Served) -> None:
    made = served.new()
    body = {"items": items(made), "change": {"action": "tag", "tags": ["x"]}}
    done = batch(served, body)
    edits = patch((["request_params", "seed"], 1))
    changed = served.ask("PATCH", f"/aliases/{made['id']}", edits, etag="*").json()
    undone = batch(served, {"undo": done["undo"]})
    assert undone["items"][0]["reason"]["code"] == "alias_changed"
    assert served.show(made["id"]) == changed


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"items": []},
        {"items": [{"id": "tiny", "etag": "*"}]},
        {"items": [{"id": "tiny"}], "change": {"action": "delete"}},
        {"items": [{"id": "tiny", "etag": "*"}] * 2, "change": {"action": "delete"}},
        {"items": [{"id": "tiny", "etag": "*"}], "change": {"action": "paint"}},
        {"items": [{"id": "tiny", "etag": "*"}], "change": {"action": "tag", "tags": []}},
        {"change": {"action": "delete"}, "undo": []},
        {"items": [{"id": str(n), "etag": "*"} for n in range(1001)], "change": CHANGES[-1]},
    ],
)
def test_a_batch_that_means_nothing_is_a_400(served: Served, body: Body) -> None:
    assert refusal(served.ask("POST", "/aliases/batch", body))[:2] == (400, "invalid_request")
    assert served.show("tiny")


def test_a_preset_that_is_not_there_is_a_404(served: Served) -> None:
    change = {"action": "preset", "preset": "nonsense"}
    body = {"items": [{"id": "tiny", "etag": "*"}], "change": change}
    assert refusal(served.ask("POST", "/aliases/batch", body))[:2] == (404, "preset_not_found")


# -- Archives.


def unpacked(served: Served, archive: bytes) -> list[Body]:
    body = {"archive": base64.b64encode(archive).decode()}
    answer = served.ask("POST", "/aliases/unpack", body)
    assert answer.status_code == 200, answer.text
    TypeAdapter(ArchiveShown).validate_json(answer.content)
    found: list[Body] = answer.json()["files"]
    return found


def test_aliases_are_exported_as_they_lie_on_the_disk_and_come_in_again(served: Served) -> None:
    plain, odd, broken = (served.new(COMMENTED) for _ in range(3))
    served.file(odd["id"]).write_bytes(
        b"\xef\xbb\xbf" + served.file(odd["id"]).read_bytes().replace(b"\n", b"\r\n")
    )
    served.file(broken["id"]).write_text("alias: [\n")
    by_hand = served.file("by-hand").with_suffix(".yml")
    by_hand.write_text(f"alias: by-hand\n{COMMENTED}")
    ids = ["by-hand", *(one["id"] for one in (broken, odd, plain))]
    answer = served.ask("POST", "/aliases/export", {"ids": ids})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="bodhi-aliases.zip"'
    assert served.ask("POST", "/aliases/export", {"ids": ids[::-1]}).content == answer.content
    paths = [path for one in ids for path in served.home.glob(f"aliases/{one}.*")]
    on_disk = {path.name: path.read_bytes() for path in paths}
    assert len(on_disk) == 4
    found = unpacked(served, answer.content)
    assert {one["file"]: one["source_text"].encode() for one in found} == on_disk
    assert [one["file"] for one in found] == sorted(on_disk)
    for one in ids:
        assert served.ask("DELETE", f"/aliases/{one}", etag="*").status_code == 200
    for one in found:
        answer = served.ask("POST", "/aliases", {"source_text": one["source_text"]})
        assert answer.status_code == (400 if one["file"] == f"{broken['id']}.yaml" else 201)
    again = [served.file(one).read_bytes() for one in ids if one != broken["id"]]
    assert sorted(again) == sorted(
        data for name, data in on_disk.items() if broken["id"] not in name
    )


def test_an_export_is_whole_or_says_which_alias_is_in_its_way(served: Served) -> None:
    good, large, unreadable, double = (served.new() for _ in range(4))
    served.file(large["id"]).write_bytes(b"#" * (256 * 1024 + 1))
    served.file(unreadable["id"]).unlink()
    served.file(unreadable["id"]).mkdir()
    text = served.file(double["id"]).read_text()
    served.file(double["id"]).with_suffix(".yml").write_text(text)
    for alias_id, refused in (
        ("nowhere", (404, "model_not_found")),
        (MODEL_ID, (400, "invalid_request")),
        (large["id"], (409, "alias_broken")),
        (unreadable["id"], (409, "alias_broken")),
        (double["id"], (409, "alias_broken")),
    ):
        answer = served.ask("POST", "/aliases/export", {"ids": [good["id"], alias_id]})
        assert refusal(answer) == (*refused, "/ids/1"), alias_id
        assert answer.json()["error"]["message"].startswith(f"{alias_id}: ")
    served.file(double["id"]).with_suffix(".yml").unlink()
    served.file(unreadable["id"]).rmdir()


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"ids": []}, {"ids": ["tiny", "tiny"]}, {"ids": ["tiny"], "as": "tar"}),
        *({"ids": [one]} for one in ("", 7, "x" * 513)),
        {"ids": [str(n) for n in range(1001)]},
    ],
)
def test_an_export_that_means_nothing_is_a_400(served: Served, body: Body) -> None:
    assert refusal(served.ask("POST", "/aliases/export", body))[:2] == (400, "invalid_request")


def test_files_of_an_archive_that_cannot_come_in_are_told_one_by_one(served: Served) -> None:
    good = f"alias: not:saved\nrepo: {REPO}\nfilename: {FILE}\n"
    found = unpacked(
        served,
        zipped(("../up.yaml", b""), ("latin.yaml", b"a\n\xe9"), ("good.yaml", good.encode())),
    )
    assert [(one["file"], one["source_text"]) for one in found] == [
        ("../up.yaml", None),
        ("latin.yaml", None),
        ("good.yaml", good),
    ]
    told = [one["error"] and (one["error"]["code"], one["error"]["line"]) for one in found]
    assert told == [("name_invalid", None), ("alias_file_invalid", 2), None]
    assert served.ask("GET", "/aliases/not--saved").status_code == 404


@pytest.mark.parametrize(
    ("archive", "code"),
    [
        ("", "archive_invalid"),
        ("UEsD!", "invalid_request"),
        ("é", "invalid_request"),
        ("UEsD", "archive_invalid"),
        (base64.b64encode(zipped()).decode(), "archive_invalid"),
    ],
    ids=["nothing", "other signs", "other letters", "cut off", "empty"],
)
def test_what_is_no_archive_is_a_400(served: Served, archive: str, code: str) -> None:
    answer = served.ask("POST", "/aliases/unpack", {"archive": archive})
    assert refusal(answer)[:2] == (400, code)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/aliases/export"),
        ("POST", "/aliases/unpack"),
        ("POST", "/aliases/validate"),
        ("GET", "/compare?id=tiny&id=tiny"),
        ("POST", "/aliases/batch"),
    ],
)
def test_without_the_key_nothing_is_told(locked: Served, method: str, path: str) -> None:
    answer = locked.client.request(method, f"/api/v1{path}")
    assert refusal(answer)[:2] == (401, "invalid_api_key")
