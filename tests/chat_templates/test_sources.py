"""What an alias says under ``chat_template`` is told apart without guessing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.chat_templates.builtin import BUILTIN
from bodhi.chat_templates.size import MAX_TEMPLATE_BYTES
from bodhi.chat_templates.sources import TemplateChoice, choose_template
from bodhi.errors import BodhiError, ParameterInvalid, TemplateMissing
from tests.support.hub import place_in_hub


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub cache with one repository, ``owner/model``, whose template is ``{{ here }}``."""
    folder = tmp_path_factory.mktemp("hub")
    source = folder / "source"
    source.write_text("{{ here }}")
    place_in_hub(folder, "owner/model", "chat_template.jinja", source, refs={"main": "main"})
    return folder


def choice_or_refusal(declared: str, hub: Path) -> TemplateChoice | BodhiError:
    """What came of it; any error that is not Bodhi's own goes through."""
    try:
        return choose_template(declared, hub_cache=hub)
    except BodhiError as refusal:
        return refusal


@pytest.mark.parametrize("declared", [None, "embedded"])
def test_nothing_and_embedded_leave_the_template_to_the_model_file(
    declared: str | None, hub: Path
) -> None:
    assert choose_template(declared, hub_cache=hub) == TemplateChoice(None, "embedded", None)


@pytest.mark.parametrize("template_id", BUILTIN)
def test_an_id_takes_the_builtin_template(template_id: str, hub: Path) -> None:
    choice = choose_template(template_id, hub_cache=hub)
    assert choice == TemplateChoice(BUILTIN[template_id].text, "builtin", template_id)


def test_a_repository_id_takes_what_was_published_there(hub: Path) -> None:
    choice = choose_template("owner/model", hub_cache=hub)
    assert choice == TemplateChoice("{{ here }}", "repository", "owner/model")


@pytest.mark.parametrize(
    ("declared", "label"),
    [
        (None, "embedded"),
        ("embedded", "embedded"),
        ("llama3", "builtin:llama3"),
        ("owner/model", "repository:owner/model"),
        ("{{ x }}", "text:e52c7372"),
    ],
)
def test_each_choice_has_a_short_label_that_stays(
    declared: str | None, label: str, hub: Path
) -> None:
    assert choose_template(declared, hub_cache=hub).label == label


@pytest.mark.parametrize("declared", ["{{ x }}", "{% if x %}", "a/b {{ x }}", "../{{ x }}", "{{"])
def test_jinja_marks_make_it_inline_text(declared: str, hub: Path) -> None:
    assert choose_template(declared, hub_cache=hub) == TemplateChoice(declared, "inline", None)


def test_inline_text_may_have_256_kib_and_not_a_byte_more(hub: Path) -> None:
    largest = "{{ x }}" + "é" * ((MAX_TEMPLATE_BYTES - 7) // 2)
    fits = largest.ljust(len(largest) + MAX_TEMPLATE_BYTES - len(largest.encode()))
    assert len(fits.encode()) == MAX_TEMPLATE_BYTES
    assert choose_template(fits, hub_cache=hub).text == fits
    with pytest.raises(ParameterInvalid, match="larger than 256 KiB"):
        choose_template(fits + " ", hub_cache=hub)


def test_half_a_surrogate_pair_is_refused(hub: Path) -> None:
    with pytest.raises(ParameterInvalid, match="not valid Unicode"):
        choose_template("{{ x }}\ud800", hub_cache=hub)


@pytest.mark.parametrize(
    ("declared", "meant"),
    [("lama3", "llama3"), ("Llama3", "llama3"), ("phi-3", "phi3"), ("gemma2", "gemma")],
)
def test_a_mistyped_id_is_answered_with_the_nearest(declared: str, meant: str, hub: Path) -> None:
    with pytest.raises(ParameterInvalid) as refusal:
        choose_template(declared, hub_cache=hub)
    assert refusal.value.pointer == "/chat_template"
    assert declared in refusal.value.message
    assert f"Did you mean {meant}" in str(refusal.value.remedy)


@pytest.mark.parametrize(
    "declared",
    [
        *("", " ", "llama3 ", "/etc/passwd", "../x", "..", "../../x", "a/../b", "a/..", "./a"),
        *("a/b/c", "a//b", "/a/b", "a/b/", "a--b/c", "a..b/c", ".a/b", "a/b.", "-a/b", "a/b-"),
        *(
            "C:\\x",
            "a\\b/c",
            "a/b\n",
            "a/b\0",
            "ä/b",
            "~/x",
            "file:///x",
            "You are a secret pirate",
        ),
    ],
)
def test_what_is_neither_is_refused_without_repeating_it(declared: str, hub: Path) -> None:
    with pytest.raises(ParameterInvalid) as refusal:
        choose_template(declared, hub_cache=hub)
    assert refusal.value.pointer == "/chat_template"
    assert refusal.value.message.startswith("chat_template ")
    assert not declared.strip(" .") or declared not in refusal.value.message
    assert all(template_id in str(refusal.value.remedy) for template_id in BUILTIN)


def test_a_repository_that_is_not_here_is_named_with_the_way_to_get_it(hub: Path) -> None:
    with pytest.raises(TemplateMissing) as refusal:
        choose_template("owner/other", hub_cache=hub)
    assert refusal.value.status == 404
    assert "owner/other" in refusal.value.message
    assert "bodhi pull owner/other:tokenizer_config.json" in str(refusal.value.remedy)


@given(
    declared=st.text(st.characters(exclude_categories=()), max_size=40)
    | st.from_regex(r"\A[\w./\\~-]{0,20}/[\w./\\-]{0,20}\Z")
    | st.lists(
        st.sampled_from(["{{", "{%", "/", "..", "owner", "model", "--", "\0", "llama3", "\n"])
    ).map("".join)
)
def test_any_text_at_all_gives_a_choice_or_a_typed_error(declared: str, hub: Path) -> None:
    result = choice_or_refusal(declared, hub)
    if isinstance(result, BodhiError):
        assert result.pointer == "/chat_template"
        assert str(hub) not in f"{result.message}{result.remedy}"
    else:
        assert (result.text is None) == (result.origin == "embedded")
