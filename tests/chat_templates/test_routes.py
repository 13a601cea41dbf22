"""``/api/v1/templates``: what can be chosen, and prompts with their errors placed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bodhi.aliases.templates import TemplateBook
from bodhi.chat_templates.builtin import BUILTIN
from bodhi.chat_templates.kwargs import RESERVED
from bodhi.chat_templates.render import Renderer
from bodhi.chat_templates.routes import template_routes
from bodhi.chat_templates.sources import TemplatePlaces
from bodhi.http.control import control_app
from bodhi.model_files.index import ModelIndex
from bodhi.model_files.live import LiveCatalogue
from tests.aliases.samples import alias_text, open_store, write_file
from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import write_tiny_gguf

HELLO = [{"role": "user", "content": "Hello"}]
OWN = "{{ bos_token }}{% for m in messages %}({{ m.content }}){% endfor %}"


class Place:
    """The routes over one alias and one model with a template of its own."""

    def __init__(self, folder: Path) -> None:
        hub, model = folder / "hub", folder / "own.gguf"
        names = {"tokenizer.chat_template": OWN, "tokenizer.chat_template.tool_use": "{{ 1 }}"}
        write_tiny_gguf(model, metadata=names)
        place_in_hub(hub, "us/own", "own.Q8_0.gguf", model, refs={"main": "main"})
        here = {"repo": "us/own", "filename": "own.Q8_0.gguf"}
        write_file(folder, "chosen", alias_text("chosen", **here, chat_template="tinyllama"))
        places = TemplatePlaces(hub, folder / "templates")
        book = TemplateBook(open_store(folder), LiveCatalogue(ModelIndex(hub)), places)
        self.renderer = Renderer()
        app = control_app([template_routes(book.find, book.all, self.renderer)])
        self.client = TestClient(app, base_url="http://localhost")

    def render(self, *, status: int = 200, **body: Any) -> Any:
        answer = self.client.post("/api/v1/templates/render", json={"messages": HELLO, **body})
        assert answer.status_code == status, answer.text
        return answer.json() if status == 200 else answer.json()["error"]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    with made.client as client:
        yield made
        assert client.portal is not None
        client.portal.call(made.renderer.aclose)


def test_builtin_templates_and_those_of_models_are_listed(place: Place) -> None:
    listed = place.client.get("/api/v1/templates").json()["templates"]
    assert [one["name"] for one in listed] == [*BUILTIN, "us/own:Q8_0"]
    assert listed[0] == {
        "name": "llama3",
        "origin": "builtin",
        "families": ["Llama 3 Instruct"],
        "special_tokens": list(BUILTIN["llama3"].special_tokens),
        "named": [],
        "problem": None,
    }
    assert (listed[-1]["origin"], listed[-1]["named"]) == ("embedded", ["tool_use"])


def test_a_name_may_be_a_template_an_alias_or_a_model(place: Place) -> None:
    assert place.render(name="gemma")["prompt"].endswith("<start_of_turn>model\n")
    own = place.render(name="us/own")
    assert own == {
        "prompt": "<s>(Hello)",
        "special": [{"begin": 0, "end": 3}],
        "origin": "embedded",
        "name": "us/own:Q8_0",
        "bos_token": "<s>",
        "eos_token": "</s>",
    }
    chosen = place.render(name="chosen")
    assert (chosen["origin"], chosen["name"]) == ("builtin", "tinyllama")
    assert chosen["prompt"] == "<|user|>\nHello</s>\n<|assistant|>\n"


def test_a_text_is_rendered_with_the_tokens_of_the_model_that_is_named(place: Place) -> None:
    shown = place.render(template="{{ bos_token }}x", name="chosen")
    assert (shown["prompt"], shown["origin"], shown["name"]) == ("<s>x", "inline", None)
    assert place.render(template="{{ bos_token }}x")["prompt"] == "x"


def test_another_template_can_be_laid_over_an_alias_or_a_model(place: Place) -> None:
    shown = place.render(name="us/own", chat_template="embedded:tool_use")
    said = shown["prompt"], shown["origin"], shown["name"]
    assert said == ("1", "embedded", "us/own:Q8_0, tool_use")
    assert place.render(name="chosen", chat_template="gemma")["name"] == "gemma"
    refused = place.render(name="us/own", chat_template="embedded:rag", status=404)
    assert refused["remedy"] == "Beside its default one it has embedded:tool_use."
    place.render(chat_template="gemma", template="x", status=400)
    place.render(chat_template="gemma", name="us/own", template="x", status=400)
    place.render(chat_template="gemma", name="llama3", status=404)


def test_the_text_that_a_name_leads_to_is_shown(place: Place) -> None:
    found = place.client.get("/api/v1/template", params={"name": "us/own"})
    assert found.json() == {"text": OWN, "origin": "embedded", "name": "us/own:Q8_0"}
    over = {"name": "us/own", "chat_template": "embedded:tool_use"}
    assert place.client.get("/api/v1/template", params=over).json()["text"] == "{{ 1 }}"
    assert place.client.get("/api/v1/template", params={"name": "none"}).status_code == 404


def test_an_error_in_a_text_has_its_place(place: Place) -> None:
    error = place.render(template="a\n {{ b c }}", status=422)
    assert (error["code"], error["line"], error["column"]) == ("template_failed", 2, 7)
    assert error["pointer"] == "/chat_template"
    refused = place.render(template="{{ raise_exception('Not you.') }}", status=422)
    assert (refused["line"], refused["column"]) == (1, None)
    assert refused["message"].endswith("in line 1: Not you.")


def test_what_says_neither_name_nor_template_is_refused(place: Place) -> None:
    assert "a name or a template is needed" in place.render(status=400)["message"]


def test_a_name_that_is_nothing_is_answered_with_the_names_there_are(place: Place) -> None:
    error = place.render(name="lama3", status=404)
    assert error["code"] == "template_missing"
    assert "llama3" in error["remedy"]


@pytest.mark.threat("T18")
def test_every_name_that_is_taken_is_refused(place: Place) -> None:
    for name in RESERVED:
        error = place.render(name="llama3", chat_template_kwargs={name: 1}, status=400)
        assert error["code"] == "parameter_invalid"
    shown = place.render(template="{{ mood }}", chat_template_kwargs={"mood": "fine"})
    assert shown["prompt"] == "fine"
