"""What a trial of its chat template shows is told of one alias, and costs a list nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bodhi.aliases.check import Checker
from bodhi.aliases.listing import Listing
from bodhi.chat_templates.found import FoundTemplate
from bodhi.chat_templates.sources import TemplatePlaces
from bodhi.chat_templates.trial import Trial
from bodhi.model_files.index import ModelIndex
from tests.aliases.samples import alias_text, open_store, write_file
from tests.aliases.served import MODEL_ID, RECIPE, Served, patch, serving
from tests.support.hub import place_in_hub

# The demo's model ends a sequence with </s>, and its own template a turn with <|im_end|>.
EMBEDDED = ["template-tools", "template-end"]
HANGS = "{% for i in range(99999) %}" * 4 + "{% endfor %}" * 4


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("findings"), tiny_model) as running:
        yield running


def codes(shown: dict[str, Any]) -> list[str]:
    return [found["code"] for found in shown["findings"]]


def test_the_template_in_the_model_file_is_tried_for_alias_and_model(served: Served) -> None:
    shown = served.new()
    assert codes(shown) == codes(served.show(shown["id"])) == codes(served.show(MODEL_ID))
    assert codes(shown) == EMBEDDED
    tools, end = shown["findings"]
    assert (tools["severity"], tools["pointer"], tools["fix"]) == ("info", "/chat_template", None)
    assert (end["pointer"], end["params"]) == ("/request_params/stop", ["stop"])


def test_the_remedy_of_a_turn_that_ends_otherwise_mends_it(served: Served) -> None:
    shown = served.new(request_params={"stop": ["mine"]})
    (remedy,) = [one["fix"] for one in shown["findings"] if one["code"] == "template-end"]
    assert remedy["label"] == "Add <|im_end|> to stop"
    (edit,) = remedy["patch"]
    assert edit["value"] == ["mine", "<|im_end|>"]
    edits = patch((edit["path"], edit["value"]))
    mended = served.ask("PATCH", f"/aliases/{shown['id']}", edits, etag=shown["etag"]).json()
    assert "template-end" not in codes(mended)


def test_where_the_engine_renders_otherwise_is_told(served: Served) -> None:
    assert "template-system" in codes(served.new(chat_template="gemma"))
    dated = "{{ date_string }}{% for m in messages %}{{ m.content }}{% endfor %}"
    assert "template-date" in codes(served.new(chat_template=dated))
    only_without_date = "{{ 1 / 0 if date_string }}{% for m in messages %}a{% endfor %}"
    assert "template-date" in codes(served.new(chat_template=only_without_date))


@pytest.mark.parametrize("text", ["a\n{{ b c }}", "{{ raise_exception('no') }}", HANGS])
def test_a_bad_template_is_a_finding_and_no_error_of_the_route(served: Served, text: str) -> None:
    shown = served.new(chat_template=text)
    (found,) = shown["findings"]
    assert (found["code"], found["severity"]) == ("template_failed", "error")
    assert found["pointer"] == "/chat_template"
    assert shown["state"] == "published"
    assert served.show(shown["id"])["findings"] == shown["findings"]


def test_drafts_validation_and_comparison_tell_it_too(served: Served) -> None:
    alias = served.new(chat_template="gemma")
    wanted = codes(alias)
    draft = served.ask("POST", "/drafts", {"alias_id": alias["id"]}).json()
    assert codes(draft) == wanted
    edits = patch((["chat_template"], "a {{ b c }}"))
    edited = served.ask("PATCH", f"/drafts/{draft['id']}", edits, etag=draft["etag"])
    assert (edited.status_code, codes(edited.json())) == (200, ["template_failed"])
    recipe = {"name": "not:saved", **RECIPE, "chat_template": "gemma"}
    assert codes(served.ask("POST", "/aliases/validate", {"recipe": recipe}).json()) == wanted
    both = served.ask("GET", f"/compare?id={alias['id']}&id={MODEL_ID}").json()["aliases"]
    assert [codes(one) for one in both] == [wanted, EMBEDDED]


def test_a_file_that_changes_is_tried_again(served: Served) -> None:
    sent = {"text": "{% for m in messages %}{{ m.content }}{% endfor %}{{ tools }}"}
    first = served.ask("PUT", "/templates/mine", sent).json()
    alias = served.new(chat_template="file:mine")
    assert codes(alias) == []
    refusing = (
        "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}" + sent["text"]
    )
    served.ask("PUT", "/templates/mine", {"text": refusing}, etag=first["etag"])
    assert codes(served.show(alias["id"])) == ["template-system"]


def test_a_template_that_is_not_there_is_an_error_and_no_finding(served: Served) -> None:
    shown = served.new(chat_template="file:absent")
    assert (shown["error"]["code"], codes(shown)) == ("template_missing", [])


class _Asked:
    """Counts what it is asked."""

    count = 0

    def __call__(self, found: FoundTemplate) -> Trial | None:
        del found
        self.count += 1
        return None


def test_a_list_asks_for_no_trial(tmp_path: Path, tiny_model: Path) -> None:
    place_in_hub(tmp_path / "hub", RECIPE["repo"], RECIPE["filename"], tiny_model)
    write_file(tmp_path, "tiny", alias_text("tiny", **RECIPE))
    checker = Checker(TemplatePlaces(tmp_path / "hub", tmp_path), cores=2)
    listing = Listing(open_store(tmp_path), checker)
    catalogue, asked = ModelIndex(tmp_path / "hub").scan(), _Asked()
    listing.trials.known = asked  # type: ignore[method-assign]
    assert b'"findings":[]' in b"".join(listing.all(catalogue).parts)
    assert asked.count == 0
    listing.one("tiny", catalogue, asked)
    assert asked.count == 1
