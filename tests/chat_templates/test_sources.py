"""What an alias says under ``chat_template`` is told apart without guessing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.chat_templates.builtin import BUILTIN
from bodhi.chat_templates.size import MAX_TEMPLATE_BYTES
from bodhi.chat_templates.sources import TemplateChoice, TemplatePlaces, choose_template
from bodhi.errors import BodhiError, ParameterInvalid, TemplateMissing
from tests.support.hub import place_in_hub


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> TemplatePlaces:
    """A hub cache with the repository ``owner/model``, whose template is ``{{ here }}``, and a
    folder with ``mine.jinja``, which is ``{{ mine }}``.
    """
    folder = tmp_path_factory.mktemp("hub")
    source = folder / "source"
    source.write_text("{{ here }}")
    place_in_hub(folder, "owner/model", "chat_template.jinja", source, refs={"main": "main"})
    own = tmp_path_factory.mktemp("templates")
    (own / "mine.jinja").write_text("{{ mine }}")
    return TemplatePlaces(folder, own)


def choice_or_refusal(declared: str, places: TemplatePlaces) -> TemplateChoice | BodhiError:
    """What came of it; any error that is not Bodhi's own goes through."""
    try:
        return choose_template(declared, places)
    except BodhiError as refusal:
        return refusal


@pytest.mark.parametrize("declared", [None, "embedded"])
def test_nothing_and_embedded_leave_the_template_to_the_model_file(
    declared: str | None, places: TemplatePlaces
) -> None:
    assert choose_template(declared, places) == TemplateChoice(None, "embedded", None)


@pytest.mark.parametrize("template_id", BUILTIN)
def test_an_id_takes_the_builtin_template(template_id: str, places: TemplatePlaces) -> None:
    choice = choose_template(template_id, places)
    assert choice == TemplateChoice(BUILTIN[template_id].text, "builtin", template_id)


def test_a_repository_id_takes_what_was_published_there(places: TemplatePlaces) -> None:
    choice = choose_template("owner/model", places)
    assert choice == TemplateChoice("{{ here }}", "repository", "owner/model")


@pytest.mark.parametrize(
    ("declared", "label"),
    [
        (None, "embedded"),
        ("embedded", "embedded"),
        ("llama3", "builtin:llama3"),
        ("embedded:tool_use", "embedded:tool_use"),
        ("owner/model", "repository:owner/model"),
        ("file:mine", "file:mine"),
        ("{{ x }}", "text:e52c7372"),
    ],
)
def test_each_choice_has_a_short_label_that_stays(
    declared: str | None, label: str, places: TemplatePlaces
) -> None:
    assert choose_template(declared, places, {"tool_use": "{{ t }}"}).label == label


def test_a_named_template_is_the_one_that_the_model_file_has(places: TemplatePlaces) -> None:
    named = {"tool_use": "{{ t }}"}
    choice = choose_template("embedded:tool_use", places, named)
    assert choice == TemplateChoice("{{ t }}", "embedded", None, "tool_use")
    assert choose_template("embedded:default", places, named) == TemplateChoice(None, "embedded")
    with pytest.raises(TemplateMissing) as refusal:
        choose_template("embedded:rag", places, named)
    assert refusal.value.remedy == "Beside its default one it has embedded:tool_use."
    with pytest.raises(TemplateMissing, match="no chat template named tool_use"):
        choose_template("embedded:tool_use", places)


def test_a_file_of_the_users_is_named_with_its_prefix(places: TemplatePlaces) -> None:
    choice = choose_template("file:mine", places)
    assert choice == TemplateChoice("{{ mine }}", "file", "mine")
    with pytest.raises(TemplateMissing) as refusal:
        choose_template("file:yours", places)
    assert str(refusal.value.remedy).endswith("There is: mine.")
    for near in ("mine", "mines"):
        with pytest.raises(ParameterInvalid) as unknown:
            choose_template(near, places)
        assert str(unknown.value.remedy).startswith("Did you mean file:mine? ")


def test_a_file_called_like_a_builtin_one_takes_nothing_from_it(places: TemplatePlaces) -> None:
    (places.own / "llama3.jinja").write_text("{{ other }}")
    assert choose_template("llama3", places).origin == "builtin"
    assert choose_template("file:llama3", places).text == "{{ other }}"
    (places.own / "llama3.jinja").unlink()


@pytest.mark.parametrize("declared", ["{{ x }}", "{% if x %}", "a/b {{ x }}", "../{{ x }}", "{{"])
def test_jinja_marks_make_it_inline_text(declared: str, places: TemplatePlaces) -> None:
    assert choose_template(declared, places) == TemplateChoice(declared, "inline", None)


def test_inline_text_may_have_256_kib_and_not_a_byte_more(places: TemplatePlaces) -> None:
    largest = "{{ x }}" + "é" * ((MAX_TEMPLATE_BYTES - 7) // 2)
    fits = largest.ljust(len(largest) + MAX_TEMPLATE_BYTES - len(largest.encode()))
    assert len(fits.encode()) == MAX_TEMPLATE_BYTES
    assert choose_template(fits, places).text == fits
    with pytest.raises(ParameterInvalid, match="larger than 256 KiB"):
        choose_template(fits + " ", places)


def test_half_a_surrogate_pair_is_refused(places: TemplatePlaces) -> None:
    with pytest.raises(ParameterInvalid, match="not valid Unicode"):
        choose_template("{{ x }}\ud800", places)


@pytest.mark.parametrize(
    ("declared", "meant"),
    [("lama3", "llama3"), ("Llama3", "llama3"), ("phi-3", "phi3"), ("gemma2", "gemma")],
)
def test_a_mistyped_id_is_answered_with_the_nearest(
    declared: str, meant: str, places: TemplatePlaces
) -> None:
    with pytest.raises(ParameterInvalid) as refusal:
        choose_template(declared, places)
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
            "embedded:",
            "embedded:../x",
            "a/b:../x",
            "llama3:x",
            "file:",
            "file:../mine",
            "file:mine.",
            "file:CON",
            "file:mine.jinja/..",
            "ä/b",
            "~/x",
            "file:///x",
            "You are a secret pirate",
        ),
    ],
)
def test_what_is_neither_is_refused_without_repeating_it(
    declared: str, places: TemplatePlaces
) -> None:
    with pytest.raises(ParameterInvalid) as refusal:
        choose_template(declared, places)
    assert refusal.value.pointer == "/chat_template"
    assert refusal.value.message.startswith("chat_template ")
    assert not declared.strip(" .") or declared not in refusal.value.message
    assert all(template_id in str(refusal.value.remedy) for template_id in BUILTIN)


def test_a_repository_that_is_not_here_is_named_with_the_way_to_get_it(
    places: TemplatePlaces,
) -> None:
    with pytest.raises(TemplateMissing) as refusal:
        choose_template("owner/other", places)
    assert refusal.value.status == 404
    assert "owner/other" in refusal.value.message
    assert refusal.value.to_type == "bodhi pull --template owner/other"
    assert refusal.value.to_type in str(refusal.value.remedy)


@given(
    declared=st.text(st.characters(exclude_categories=()), max_size=40)
    | st.from_regex(r"\A[\w./\\~-]{0,20}/[\w./\\-]{0,20}\Z")
    | st.lists(
        st.sampled_from(["{{", "{%", "/", "..", "owner", "model", "--", "\0", "llama3", "\n"])
    ).map("".join)
)
def test_any_text_at_all_gives_a_choice_or_a_typed_error(
    declared: str, places: TemplatePlaces
) -> None:
    result = choice_or_refusal(declared, places)
    if isinstance(result, BodhiError):
        assert result.pointer == "/chat_template"
        assert str(places.hub_cache) not in f"{result.message}{result.remedy}"
    else:
        assert (result.text is None) == (result.origin == "embedded")
