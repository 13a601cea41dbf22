"""``/api/v1/templates/{name}``: the user's own templates, tried before they are saved."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from bodhi.chat_templates.own_routes import own_template_routes
from bodhi.chat_templates.own_store import OwnTemplates
from bodhi.chat_templates.render import Renderer
from bodhi.errors import StorageFailed, TemplateChanged
from bodhi.files import Disk
from bodhi.http.control import control_app

TEXT = "{% for m in messages %}<|im_start|>{{ m.content }}<|im_end|>{% endfor %}"
OTHER = TEXT + "{{ tools | tojson if tools }}"


class Place:
    """The routes over one home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.renderer = Renderer(workers=1)
        app = control_app([own_template_routes(OwnTemplates(home), self.renderer)])
        self.client = TestClient(app, base_url="http://localhost")

    def ask(
        self, method: str, name: str, text: str | None = None, if_match: str | None = None
    ) -> httpx.Response:
        headers = {} if if_match is None else {"if-match": if_match}
        body = None if text is None else {"text": text}
        answer: Any = self.client.request(
            method, f"/api/v1/templates/{name}", headers=headers, json=body
        )
        return answer  # type: ignore[no-any-return]

    def files(self) -> dict[str, str]:
        folder = self.home / "templates"
        return {path.name: path.read_text() for path in folder.iterdir()} if folder.exists() else {}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    with made.client as client:
        yield made
        assert client.portal is not None
        client.portal.call(made.renderer.aclose)


def test_a_template_is_made_read_replaced_and_put_away(place: Place) -> None:
    made = place.ask("PUT", "mine", TEXT)
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/templates/mine")
    assert made.json()["chat_template"] == "file:mine"
    assert [one["code"] for one in made.json()["findings"]] == ["template-tools"]
    read = place.ask("GET", "mine")
    assert read.json() == made.json()
    assert read.headers["etag"] == f'"{made.json()["etag"]}"'
    replaced = place.ask("PUT", "mine", OTHER, read.headers["etag"])
    assert (replaced.status_code, replaced.json()["findings"]) == (200, [])
    assert place.files() == {"mine.jinja": OTHER}
    gone = place.ask("DELETE", "mine", if_match=replaced.headers["etag"])
    assert gone.status_code == 200
    kept = place.home / "trash" / gone.json()["kept_as"]
    assert (kept.read_text(), place.files()) == (OTHER, {})
    assert place.ask("GET", "mine").status_code == 404


def test_a_text_with_an_error_is_refused_with_its_place_and_nothing_is_saved(place: Place) -> None:
    place.ask("PUT", "mine", TEXT)
    for method_name in ("mine", "new"):
        refused = place.ask("PUT", method_name, "a\n {{ b c }}", if_match="*")
        error = refused.json()["error"]
        assert (refused.status_code, error["code"]) == (422, "template_failed")
        assert (error["pointer"], error["line"], error["column"]) == ("/text", 2, 7)
    assert place.ask("PUT", "new", "{{ raise_exception('no') }}").status_code == 422
    assert place.files() == {"mine.jinja": TEXT}


def test_a_change_says_what_it_is_based_on(place: Place) -> None:
    first = place.ask("PUT", "mine", TEXT).headers["etag"]
    assert place.ask("PUT", "mine", OTHER).json()["error"]["code"] == "name_taken"
    second = place.ask("PUT", "mine", OTHER, first).headers["etag"]
    stale = place.ask("PUT", "mine", TEXT, first)
    assert (stale.status_code, stale.json()["error"]["code"]) == (412, "template_changed")
    assert place.ask("DELETE", "mine", if_match=first).status_code == 412
    assert place.ask("DELETE", "mine").status_code == 428
    assert place.ask("PUT", "mine", TEXT, f"W/{second}").status_code == 412
    assert place.ask("PUT", "none", TEXT, "*").status_code == 404
    assert place.files() == {"mine.jinja": OTHER}


@pytest.mark.parametrize("name", ["..%2Fx", "%2e%2e", "CON", ".x", "a%00", "a%0A", "%C3%A4", "a.."])
def test_a_name_that_could_be_another_file_makes_none(name: str, place: Place) -> None:
    before = sorted(place.home.rglob("*"))
    assert place.ask("PUT", name, TEXT).status_code in {400, 404}
    assert place.ask("GET", name).status_code == 404
    assert place.ask("DELETE", name, if_match="*").status_code == 404
    assert [p for p in sorted(place.home.rglob("*")) if p.is_file()] == [
        p for p in before if p.is_file()
    ] + [p for p in place.home.rglob("write.lock") if p not in before]


def test_names_that_differ_in_case_alone_are_one(place: Place) -> None:
    place.ask("PUT", "mine", TEXT)
    assert place.ask("PUT", "Mine", OTHER).status_code == 409
    assert place.files() == {"mine.jinja": TEXT}


def test_what_is_no_text_of_a_size_is_refused(place: Place) -> None:
    for text in ("", "x" * (256 * 1024 + 1)):
        assert place.ask("PUT", "mine", text).status_code == 400
    assert place.files() == {}


def test_a_file_with_an_error_is_shown_with_it(place: Place) -> None:
    (place.home / "templates").mkdir()
    (place.home / "templates" / "mine.jinja").write_text("{{ a b }}")
    shown = place.ask("GET", "mine").json()
    assert [one["code"] for one in shown["findings"]] == ["template_failed"]
    assert shown["text"] == "{{ a b }}"


def test_a_link_is_read_and_not_written_through(place: Place) -> None:
    elsewhere = place.home / "elsewhere"
    elsewhere.write_text(TEXT)
    (place.home / "templates").mkdir()
    (place.home / "templates" / "mine.jinja").symlink_to(elsewhere)
    assert place.ask("GET", "mine").json()["text"] == TEXT
    assert place.ask("PUT", "mine", OTHER, "*").status_code == 507
    assert elsewhere.read_text() == TEXT


class _Interfering(Disk):
    """Somebody saves in an editor between our look and our rename."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def fsync(self, descriptor: int) -> None:
        super().fsync(descriptor)
        self._path.write_text("{{ theirs }}")


class _Full(Disk):
    def write(self, descriptor: int, data: memoryview) -> int:
        del descriptor, data
        raise OSError(28, os.strerror(28))


def test_an_edit_that_came_in_between_is_not_lost(tmp_path: Path) -> None:
    OwnTemplates(tmp_path).create("mine", TEXT)
    path = tmp_path / "templates" / "mine.jinja"
    with pytest.raises(TemplateChanged):
        OwnTemplates(tmp_path, disk=_Interfering(path)).replace("mine", OTHER, None)
    assert path.read_text() == "{{ theirs }}"


def test_a_full_disk_leaves_the_old_text(tmp_path: Path) -> None:
    OwnTemplates(tmp_path).create("mine", TEXT)
    with pytest.raises(StorageFailed, match="the disk is full"):
        OwnTemplates(tmp_path, disk=_Full()).replace("mine", OTHER, None)
    assert [p.name for p in (tmp_path / "templates").iterdir()] == ["mine.jinja"]
    assert OwnTemplates(tmp_path).read("mine").text == TEXT
