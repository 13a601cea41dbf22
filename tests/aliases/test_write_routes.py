"""Making and changing aliases over HTTP: each operation, and each way in which it is refused."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from bodhi.aliases.shown import AliasDetail
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

FIELDS = b'{"recipe": {"name": "x", "repo": "a/b", "filename": "f", '


# -- Creating.


def test_an_alias_is_created_from_fields_and_serves_at_once(served: Served) -> None:
    recipe = {
        "name": "fields:made",
        **RECIPE,
        "chat_template": "llama3",
        "context_params": {"n_ctx": 512},
        "request_params": {"temp": 0, "stop": ["<end>"]},
        "request_policy": {"top_p": {"clamp": [0.1, 0.9]}},
        "preset": "coding",
    }
    answer = served.ask("POST", "/aliases", {"recipe": recipe})
    assert answer.status_code == 201
    TypeAdapter(AliasDetail).validate_json(answer.content, strict=True)
    detail = answer.json()
    assert (detail["id"], detail["state"], detail["version"]) == ("fields--made", "published", 1)
    assert detail["preset"] == "coding"
    assert (
        detail["source_text"]
        == served.file("fields--made").read_text()
        == (
            f"alias: fields:made\nrepo: {REPO}\nfilename: {FILE}\nchat_template: llama3\n"
            "context_params:\n  n_ctx: 512\n"
            "request_params:\n  temperature: 0\n  stop:\n    - <end>\n"
            "request_policy:\n  top_p:\n    clamp:\n      - 0.1\n      - 0.9\n"
            "preset: coding\n"
        )
    )
    shown = served.client.get(answer.headers["location"])
    assert (shown.json(), shown.headers["etag"]) == (detail, answer.headers["etag"])
    names = {one["id"] for one in served.client.get("/v1/models").json()["data"]}
    assert "fields:made" in names


def test_an_alias_is_created_from_the_text_of_a_file_byte_for_byte(served: Served) -> None:
    detail = served.new(COMMENTED)
    assert detail["source_text"] == f"alias: {detail['name']}\n{COMMENTED}"
    assert served.file(detail["id"]).read_text() == detail["source_text"]


def test_an_alias_that_cannot_serve_is_created_and_says_so(served: Served) -> None:
    detail = served.new(filename="absent.gguf")
    assert (detail["state"], detail["error"]["code"]) == ("error", "model_file_missing")


def test_a_name_that_is_taken_is_refused_also_in_another_case(served: Served) -> None:
    for name in ("tiny", "TINY"):
        answer = served.ask("POST", "/aliases", {"recipe": {"name": name, **RECIPE}})
        assert refusal(answer) == (409, "name_taken", "/alias")


RECIPES_REFUSED: list[tuple[Body, str | None]] = [
    ({"name": "no spaces", **RECIPE}, "/alias"),
    ({"name": "a/../b", **RECIPE}, "/alias"),
    ({"name": "x@3", **RECIPE}, "/alias"),
    ({"name": "con", **RECIPE}, "/alias"),
    ({"name": "", **RECIPE}, "/recipe/name"),
    ({"name": 7, **RECIPE}, "/recipe/name"),
    ({"name": "x"}, "/recipe/repo"),
    ({"name": "x", **RECIPE, "repo": "one"}, "/recipe/repo"),
    ({"name": "x", **RECIPE, "filename": "../up.gguf"}, "/recipe/filename"),
    ({"name": "x", **RECIPE, "snapshot": "-"}, "/recipe/snapshot"),
    ({"name": "x", **RECIPE, "colour": "red"}, "/recipe/colour"),
    ({"name": "x", **RECIPE, "preset": "../up"}, "/recipe/preset"),
    (
        {"name": "x", **RECIPE, "request_params": {"temperature": 9}},
        "/recipe/request_params/temperature",
    ),
    (
        {"name": "x", **RECIPE, "request_params": {"temperature": "hot"}},
        "/recipe/request_params/temperature",
    ),
    ({"name": "x", **RECIPE, "request_params": {"lora": "a"}}, "/recipe/request_params/lora"),
    ({"name": "x", **RECIPE, "context_params": ["--ctx-size 512"]}, "/recipe/context_params"),
    (
        {"name": "x", **RECIPE, "context_params": {"n_ctx": 10**30}},
        "/recipe/context_params/n_ctx",
    ),
    (
        {"name": "x", **RECIPE, "request_policy": {"top_p": "always"}},
        "/recipe/request_policy/top_p",
    ),
]


@pytest.mark.parametrize(("recipe", "pointer"), RECIPES_REFUSED)
def test_a_recipe_that_cannot_be_is_refused_and_points_at_the_place(
    served: Served, recipe: Body, pointer: str | None
) -> None:
    before = sorted(served.file("x").parent.iterdir())
    status, _, at = refusal(served.ask("POST", "/aliases", {"recipe": recipe}))
    assert (status, at) == (400, pointer)
    assert sorted(served.file("x").parent.iterdir()) == before


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("alias: x\nrepo: [\n", 3),
        (f"alias: x\nrepo: {REPO}\nfilename: f.gguf\nrequest_params:\n  temperature: 9\n", 5),
        ("alias: x\nalias: y\n", 2),
        ("alias: !!python/object:os.system x\n", 1),
        ("a: &a [x]\nb: *a\n", 1),
        ("\x00", 1),
    ],
)
def test_a_text_that_is_no_alias_file_is_refused_with_its_line(
    served: Served, text: str, line: int
) -> None:
    answer = served.ask("POST", "/aliases", {"source_text": text})
    assert refusal(answer)[:2] == (400, "alias_file_invalid")
    assert answer.json()["error"]["line"] == line


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"{}",
        b'{"recipe": null, "source_text": null}',
        b'{"recipe": {"name": "x", "repo": "a/b", "filename": "f"}, "source_text": ""}',
        b'{"source_text": "\\ud800"}',
        b'{"source_text": 1e999}',
        FIELDS + b'"request_params": NaN}}',
        FIELDS + b'"request_params": {"temperature": NaN}}}',
        FIELDS + b'"request_params": {"temperature": 1e999}}}',
        b'{"source_text": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"source_text": ' + b"9" * 5000 + b"}",
        b"\xff\xfe",
    ],
)
def test_a_body_that_is_not_what_is_wanted_is_a_400(served: Served, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    answer = served.client.post("/api/v1/aliases", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


# -- Changing.


def test_edits_change_their_lines_alone(served: Served) -> None:
    made = served.new(COMMENTED)
    edits = patch(
        (["context_params", "n_ctx"], 1024),
        (["request_params", "temp"], None),
        (["request_params", "top_p"], 0.9),
        (["notes"], "mine"),
    )
    answer = served.ask("PATCH", f"/aliases/{made['id']}", edits, etag=made["etag"])
    assert answer.status_code == 200
    text = served.file(made["id"]).read_text()
    assert text == made["source_text"].replace("512", "1024").replace("ours", "mine").replace(
        "  temperature: 0.3\n", ""
    ).replace("[<end>]\n", "[<end>]\n  top_p: 0.9\n")
    detail = answer.json()
    assert (detail["source_text"], detail["version"]) == (text, 2)
    assert answer.headers["etag"] == f'"{detail["etag"]}.{answer.headers["etag"][-33:-1]}"'


def test_the_etag_of_the_header_and_that_of_the_body_both_say_what_a_change_is_based_on(
    served: Served,
) -> None:
    made = served.new()
    path, edits = f"/aliases/{made['id']}", patch((["request_params", "seed"], 1))
    whole = served.ask("GET", path).headers["etag"]
    first = served.ask("PATCH", path, edits, headers={"if-match": f'"other", {whole}'})
    assert first.status_code == 200
    edits = patch((["request_params", "seed"], 2))
    assert served.ask("PATCH", path, edits, etag=first.json()["etag"]).status_code == 200
    assert served.ask("PATCH", path, edits, headers={"if-match": whole}).status_code == 412
    assert served.ask("PATCH", path, edits, etag="*").status_code == 200


def test_a_recipe_replaces_values_and_keeps_what_it_cannot_say(served: Served) -> None:
    made = served.new(COMMENTED)
    recipe = {"name": made["name"], **RECIPE, "request_params": {"stop": ["<end>"], "seed": 1}}
    answer = served.ask("PUT", f"/aliases/{made['id']}", {"recipe": recipe}, etag=made["etag"])
    assert answer.status_code == 200
    assert served.file(made["id"]).read_text() == (
        f"alias: {made['name']}\nrepo: {REPO}  # where it is\nfilename: {FILE}\n"
        "request_params:\n  # what ends it\n  stop: [<end>]\n  seed: 1\nnotes: ours\n"
    )
    # Which preset its values are from is said, or left as it is; nothing is forgotten by it.
    for said, kept in (({"preset": "fast"}, "fast"), ({}, "fast"), ({"preset": "chat"}, "chat")):
        body = {"recipe": recipe | said}
        answer = served.ask("PUT", f"/aliases/{made['id']}", body, etag="*")
        assert answer.json()["preset"] == kept
        assert served.file(made["id"]).read_text().endswith(f"notes: ours\npreset: {kept}\n")


def test_a_text_replaces_the_file(served: Served) -> None:
    made = served.new(COMMENTED)
    text = f"# anew\nalias: {made['name']}\nrepo: {REPO}\nfilename: {FILE}\n"
    body = {"source_text": text}
    answer = served.ask("PUT", f"/aliases/{made['id']}", body, etag=made["etag"])
    assert answer.json()["source_text"] == served.file(made["id"]).read_text() == text


def test_another_name_in_a_replacement_is_refused(served: Served) -> None:
    made = served.new()
    path = f"/aliases/{made['id']}"
    fields = served.ask("PUT", path, {"recipe": {"name": "y", **RECIPE}}, etag=made["etag"])
    assert refusal(fields) == (400, "name_invalid", "/recipe/name")
    text = made["source_text"].replace(made["name"], "y")
    whole = served.ask("PUT", path, {"source_text": text}, etag=made["etag"])
    assert refusal(whole) == (400, "alias_file_invalid", "/alias")
    assert served.show(made["id"]) == made


def test_a_renamed_alias_keeps_its_versions_and_leaves_its_old_address(served: Served) -> None:
    made = served.new(COMMENTED)
    name = served.new_name()
    body = {"name": name}
    answer = served.ask("POST", f"/aliases/{made['id']}/rename", body, etag=made["etag"])
    assert answer.status_code == 200
    detail = answer.json()
    assert (detail["name"], detail["id"], detail["version"]) == (name, name.replace(":", "--"), 2)
    assert detail["source_text"] == made["source_text"].replace(made["name"], name)
    assert served.ask("GET", f"/aliases/{made['id']}").status_code == 404
    assert not served.file(made["id"]).exists()


def test_renaming_onto_another_alias_is_refused(served: Served) -> None:
    made = served.new()
    body = {"name": "tiny"}
    answer = served.ask("POST", f"/aliases/{made['id']}/rename", body, etag=made["etag"])
    assert refusal(answer) == (409, "name_taken", "/alias")
    assert served.show(made["id"]) == made


def test_a_clone_is_the_same_file_under_another_name_with_its_edits(served: Served) -> None:
    made = served.new(COMMENTED)
    name = served.new_name()
    body = {"name": name, **patch((["request_params", "temperature"], 0.9))}
    answer = served.ask("POST", f"/aliases/{made['id']}/clone", body)
    assert answer.status_code == 201
    wanted = made["source_text"].replace(made["name"], name).replace("0.3", "0.9")
    assert answer.json()["source_text"] == wanted
    assert served.show(made["id"]) == made


def test_a_clone_of_a_model_is_a_user_alias_of_its_file(served: Served) -> None:
    name = served.new_name()
    answer = served.ask("POST", f"/aliases/{MODEL_ID}/clone", {"name": name})
    detail = answer.json()
    assert (answer.status_code, detail["source"], detail["state"]) == (201, "user", "published")
    assert (detail["repo"], detail["filename"]) == (REPO, FILE)


def test_a_deleted_alias_comes_back_from_the_trash_as_it_was(served: Served) -> None:
    made = served.new(COMMENTED)
    answer = served.ask("DELETE", f"/aliases/{made['id']}", etag=made["etag"])
    assert answer.status_code == 200
    trashed = answer.json()
    assert (trashed["alias_id"], trashed["name"]) == (made["id"], made["name"])
    assert trashed["purged_at"] - trashed["deleted_at"] == 30 * 24 * 60 * 60
    assert served.ask("GET", f"/aliases/{made['id']}").status_code == 404
    assert trashed in served.ask("GET", "/trash").json()["trash"]
    restored = served.ask("POST", f"/trash/{trashed['id']}/restore")
    assert restored.status_code == 200
    assert restored.json() == served.show(made["id"])
    for key in ("uid", "version", "source_text", "etag"):
        assert restored.json()[key] == made[key]
    assert trashed not in served.ask("GET", "/trash").json()["trash"]


def test_an_alias_does_not_come_back_over_another_one(served: Served) -> None:
    made = served.new()
    trashed = served.ask("DELETE", f"/aliases/{made['id']}", etag=made["etag"]).json()
    taken = served.ask("POST", "/aliases", {"recipe": {"name": made["name"], **RECIPE}})
    assert taken.status_code == 201
    answer = served.ask("POST", f"/trash/{trashed['id']}/restore")
    assert refusal(answer)[:2] == (409, "name_taken")
    assert trashed in served.ask("GET", "/trash").json()["trash"]


def test_what_is_purged_cannot_come_back(served: Served) -> None:
    made = served.new()
    trashed = served.ask("DELETE", f"/aliases/{made['id']}", etag=made["etag"]).json()
    assert served.ask("DELETE", f"/trash/{trashed['id']}").status_code == 204
    for method, path in (("POST", "/restore"), ("DELETE", "")):
        answer = served.ask(method, f"/trash/{trashed['id']}{path}")
        assert refusal(answer)[:2] == (404, "not_in_trash")


def test_a_deleted_chat_template_comes_back_from_the_same_trash(served: Served) -> None:
    path = f"/templates/{served.new_name().replace(':', '-')}"
    name = path.rpartition("/")[2]

    def deleted() -> dict[str, Any]:
        assert served.ask("DELETE", path, etag="*").status_code == 200
        (found,) = [one for one in served.ask("GET", "/trash").json()["trash"] if named(one)]
        return dict(found)

    def named(one: dict[str, Any]) -> bool:
        return bool(one["name"] == name)

    assert served.ask("PUT", path, {"text": "{{ bos_token }}old"}).status_code == 201
    gone = deleted()
    assert (gone["kind"], gone["alias_id"], gone["version"]) == ("template", None, None)
    undo = {"id": "tiny", "etag": None, "source_text": None, "trash_id": gone["id"]}
    served.ask("POST", "/aliases/batch", {"undo": [undo]})
    assert refusal(served.ask("GET", path))[0] == 404
    restored = served.ask("POST", f"/trash/{gone['id']}/restore")
    assert restored.json() == {"name": name, "chat_template": f"file:{name}"}
    assert served.ask("GET", path).json()["text"] == "{{ bos_token }}old"
    gone = deleted()
    assert served.ask("PUT", path, {"text": "{{ bos_token }}new"}).status_code == 201
    assert refusal(served.ask("POST", f"/trash/{gone['id']}/restore"))[:2] == (409, "name_taken")
    assert served.ask("GET", path).json()["text"] == "{{ bos_token }}new"
    assert served.ask("DELETE", f"/trash/{gone['id']}").status_code == 204
    assert refusal(served.ask("POST", f"/trash/{gone['id']}/restore"))[0] == 404


def test_what_older_than_30_days_is_gone_from_the_trash(served: Served) -> None:
    made = served.new()
    trashed = served.ask("DELETE", f"/aliases/{made['id']}", etag=made["etag"]).json()
    kept = next((served.home / "trash").glob(f"{trashed['id']}*"))
    old = kept.rename(kept.with_name("20200101" + kept.name[8:]))
    ids = {one["id"] for one in served.ask("GET", "/trash").json()["trash"]}
    assert not any(one.startswith("20200101") for one in ids)
    assert not old.exists()


@pytest.mark.parametrize("is_announced", [True, False])
def test_a_body_without_end_is_refused_and_the_connection_goes_on(
    served: Served, is_announced: bool
) -> None:
    piece = b" " * (1 << 20)
    headers = {"content-type": "application/json"}
    content = piece * 9 if is_announced else iter([piece] * 9)
    answer = served.client.post("/api/v1/aliases", content=content, headers=headers)
    assert refusal(answer)[:2] == (413, "body_too_large")
    assert served.show("tiny")


def test_a_large_body_that_is_no_json_is_refused_with_its_place(served: Served) -> None:
    body = b'{"source_text": "' + b"x" * 100_000 + b'",\n NaN}'
    headers = {"content-type": "application/json"}
    answer = served.client.post("/api/v1/aliases", content=body, headers=headers)
    assert refusal(answer)[:2] == (400, "invalid_request")
    assert "line 2" in answer.json()["error"]["message"]
