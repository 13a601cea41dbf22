"""A serving holds while its chat template does, wherever the text comes from."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from bodhi.chat_templates.sources import TemplatePlaces
from bodhi.errors import TemplateMissing
from bodhi.gateway.live import LiveServings
from bodhi.gateway.serving import Serving
from bodhi.model_files.index import ModelIndex
from bodhi.model_files.live import LiveCatalogue
from tests.aliases.samples import alias_text, open_store, write_file
from tests.support.hub import place_in_hub
from tests.support.tiny_gguf import write_tiny_gguf

REPO, FILE = "us/own", "own.Q8_0.gguf"
KINDS = {
    "built-in": "llama3",
    "embedded": "embedded",
    "named": "embedded:tool_use",
    "elsewhere": "them/template",
    "one-elsewhere": "them/several:rag",
    "file": "file:mine",
    "text": '"{{ messages }}"',
}


@dataclass
class Place:
    """An alias of each kind over one model."""

    root: Path
    servings: LiveServings

    def find(self, name: str) -> Serving:
        return asyncio.run(self.servings.find(name))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    hub, own = tmp_path / "hub", tmp_path / "templates"
    model = tmp_path / "own.gguf"
    texts = {"tokenizer.chat_template": "{{ 0 }}", "tokenizer.chat_template.tool_use": "{{ 1 }}"}
    write_tiny_gguf(model, metadata=texts)
    place_in_hub(hub, REPO, FILE, model, refs={"main": "main"})
    publish(tmp_path, "them/template", "chat_template.jinja", "{{ 2 }}")
    listed = '{"chat_template": [{"name": "default", "template": "{{ 3 }}"}, '
    listed += '{"name": "rag", "template": "{{ 4 }}"}]}'
    publish(tmp_path, "them/several", "tokenizer_config.json", listed)
    own.mkdir()
    (own / "mine.jinja").write_text("{{ 5 }}")
    for name, declared in KINDS.items():
        text = alias_text(name, repo=REPO, filename=FILE, chat_template=declared)
        write_file(tmp_path, name, text)
    catalogue = LiveCatalogue(ModelIndex(hub))
    places = TemplatePlaces(hub, own)
    return Place(tmp_path, LiveServings(open_store(tmp_path), catalogue, places=places, cores=2))


def publish(root: Path, repo: str, filename: str, text: str) -> None:
    source = root / "source"
    source.write_text(text)
    place_in_hub(root / "hub", repo, filename, source, refs={"main": "main"})


def test_each_kind_of_template_reaches_the_engine_as_its_text(place: Place) -> None:
    found = {name: place.find(name) for name in KINDS}
    texts = {name: serving.spec.template for name, serving in found.items()}
    assert (texts.pop("built-in") or "").startswith("{")
    assert texts == {
        "embedded": None,
        "named": "{{ 1 }}",
        "elsewhere": "{{ 2 }}",
        "one-elsewhere": "{{ 4 }}",
        "file": "{{ 5 }}",
        "text": "{{ messages }}",
    }
    assert [serving.template for serving in found.values()] == [
        *("builtin:llama3", "embedded", "embedded:tool_use", "repository:them/template"),
        *("repository:them/several:rag", "file:mine", "text:f24189f0"),
    ]


@pytest.mark.parametrize("name", ["file", "elsewhere", "one-elsewhere"])
def test_an_edited_template_means_another_engine_at_once(name: str, place: Place) -> None:
    before = place.find(name)
    assert place.find(name) is before
    edit(place, name, "{{ 6 }}")
    after = place.find(name)
    assert after.spec.template == "{{ 6 }}"
    assert after.spec.load_key != before.spec.load_key
    assert after.template == before.template
    edit(place, name, before.spec.template or "")
    assert place.find(name).spec.load_key == before.spec.load_key


def edit(place: Place, name: str, text: str) -> None:
    if name == "file":
        (place.root / "templates" / "mine.jinja").write_text(text)
    elif name == "elsewhere":
        publish(place.root, "them/template", "chat_template.jinja", text)
    else:
        config = {"chat_template": [{"name": "rag", "template": text}]}
        publish(place.root, "them/several", "tokenizer_config.json", json.dumps(config))


def test_a_file_that_is_gone_is_missed_by_the_next_request(place: Place) -> None:
    place.find("file")
    (place.root / "templates" / "mine.jinja").unlink()
    with pytest.raises(TemplateMissing, match=r"no file mine\.jinja"):
        place.find("file")
