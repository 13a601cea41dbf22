"""One alias file -> one recipe, or the line and reason why not."""

import pytest

from bodhi.aliases.model import Alias
from bodhi.aliases.reader import read_alias
from bodhi.aliases.writer import write_alias
from bodhi.errors import AliasFileInvalid
from tests.aliases.samples import alias_text
from tests.support.fixtures import shared_fixtures

BAD_REPOS = ("a", "a/b/c", "../b", "a/..b", "a b/c", "é/b", "a" * 97 + "/b")
BAD_FILES = ("/f", "../f", "a/../f", "a\\f", "a//f", "./f", "..")
HASH_OF_DIGITS = "0123456789" * 4


def read(text: str, stem: str = "a") -> Alias:
    return read_alias(text.encode(), stem=stem)


@pytest.mark.parametrize("file", ["llama3--instruct.yaml", "llama3--instruct.flags.yaml"])
def test_both_published_shapes_are_one_recipe(file: str) -> None:
    alias = read_alias((shared_fixtures() / "aliases" / file).read_bytes(), stem="llama3--instruct")
    assert alias == Alias(
        name="llama3:instruct",
        repo="QuantFactory/Meta-Llama-3-8B-Instruct-GGUF",
        filename="Meta-Llama-3-8B-Instruct.Q8_0.gguf",
        snapshot="5007652f7a641fe7170e0bad4f63839419bd9213",
        chat_template="llama3",
        context_params={"n_keep": 24},
        request_params={"stop": ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]},
        extra={"source": "user"} if "flags" in file else {},
    )


def test_an_alias_written_anew_is_the_specifications_file_byte_for_byte() -> None:
    data = (shared_fixtures() / "aliases" / "llama3--instruct.yaml").read_bytes()
    written = write_alias(read_alias(data, stem="llama3--instruct"))
    assert written.encode() == data + b"\n"


@pytest.mark.parametrize(
    ("yaml", "params"),
    [
        ("{n_ctx: 4096}", {"n_ctx": 4096}),
        ("{ctx-size: 4096}", {"n_ctx": 4096}),
        ("['--ctx-size', '4096']", {"n_ctx": 4096}),
        ("['--ctx-size=4096', --n-keep 24]", {"n_ctx": 4096, "n_keep": 24}),
        ("[--mlock]", {"mlock": True}),
        ("", {}),
        ("[]", {}),
    ],
)
def test_context_parameters_are_read_in_every_spelling(yaml: str, params: object) -> None:
    assert read(alias_text(context_params=yaml)).context_params == params


@pytest.mark.parametrize("written", [HASH_OF_DIGITS, "1e5", "0x1F", "007", "main", "refs/pr/1"])
def test_a_snapshot_is_text_even_if_it_looks_like_a_number(written: str) -> None:
    assert read(alias_text(snapshot=written)).snapshot == written


def test_what_is_null_or_absent_is_not_given() -> None:
    assert read(alias_text(snapshot="null", chat_template="~")) == read(alias_text())


def test_a_description_and_tags_are_read_as_they_are_written_and_written_as_they_are_read() -> None:
    lines = {"description": "|-\n  For code.\n  And 2.", "tags": "[code, 7B, 1.0, höher]"}
    alias = read(alias_text(**lines))
    assert alias.description == "For code.\nAnd 2."
    assert alias.tags == ("code", "7B", "1.0", "höher")
    assert alias.extra == {}
    assert read(write_alias(alias)) == alias
    assert read(alias_text(description="~", tags="null")) == read(alias_text())


@pytest.mark.parametrize(
    ("lines", "pointer", "line"),
    [
        ({"description": "[a]"}, "/description", 4),
        ({"description": "x" * 2001}, "/description", 4),
        ({"tags": "code"}, "/tags", 4),
        ({"tags": str([f"t{n}" for n in range(33)])}, "/tags", 4),
        ({"tags": "\n  - a\n  - two words"}, "/tags/1", 6),
        ({"tags": "[a, 'b,c']"}, "/tags/1", 4),
        ({"tags": "[a, '']"}, "/tags/1", 4),
        ({"tags": "[a, ~]"}, "/tags/1", 4),
        ({"tags": "[a, {b: 1}]"}, "/tags/1", 4),
        ({"tags": "[a, b, a]"}, "/tags/2", 4),
        ({"tags": "[" + "x" * 65 + "]"}, "/tags/0", 4),
        ({"tags": '["a\\u0007"]'}, "/tags/0", 4),
    ],
)
def test_a_description_that_is_no_text_and_a_tag_that_is_no_word_are_refused(
    lines: dict[str, str], pointer: str, line: int
) -> None:
    with pytest.raises(AliasFileInvalid) as refused:
        read(alias_text(**lines))
    assert (refused.value.pointer, refused.value.line) == (pointer, line)


def test_unknown_keys_are_kept() -> None:
    alias = read(alias_text(family="llama", features="[chat]", nested="{a: {b: 1.5}}"))
    assert alias.extra == {"family": "llama", "features": ["chat"], "nested": {"a": {"b": 1.5}}}
    assert read(write_alias(alias)) == alias


@pytest.mark.parametrize(
    ("text", "pointer", "line"),
    [
        ("- 1\n", None, 1),
        ("", None, 1),
        ("repo: a/b\nfilename: f\n", "/alias", 1),
        ("alias: a\nfilename: f\n", "/repo", 1),
        ("alias: a\nrepo: a/b\n", "/filename", 1),
        ("alias: a\nrepo: a/b\nfilename: null\n", "/filename", 3),
        ("alias: a\nrepo: a/b\nfilename: [f]\n", "/filename", 3),
        ("alias: a\nrepo: a/b\nfilename: ''\n", "/filename", 3),
        ('alias: a\nrepo: a/b\nfilename: "f\\n"\n', "/filename", 3),
        *((f"alias: a\nrepo: {repo}\nfilename: f\n", "/repo", 2) for repo in BAD_REPOS),
        *((f"alias: a\nrepo: a/b\nfilename: {name}\n", "/filename", 3) for name in BAD_FILES),
        *((alias_text(snapshot=ref), "/snapshot", 4) for ref in ("../x", "a b", "/x", "-x", "..")),
        (alias_text("a@3"), "/alias", 1),
        (alias_text("a..b"), "/alias", 1),
        (alias_text("con"), "/alias", 1),
        (alias_text("b"), "/alias", 1),
        (alias_text(request_params="\n  # hot\n  top_p: 5"), "/request_params/top_p", 6),
        (alias_text(request_params="{temperature: .nan}"), "/request_params/temperature", 4),
        (alias_text(request_params="{temperature: .inf}"), "/request_params/temperature", 4),
        (alias_text(request_params="{seed: 99999999999999999999999}"), "/request_params/seed", 4),
        (alias_text(request_params="{stop: [1]}"), "/request_params/stop/0", 4),
        (alias_text(context_params="\n  - --n-keep 1\n  - --nonsense 2"), "/context_params/1", 6),
        (alias_text(request_policy="{temperature: maybe}"), "/request_policy/temperature", 4),
        (alias_text(mine="[1, 99999999999999999999999]"), None, 4),
    ],
)  # fmt: skip
def test_what_is_no_recipe_is_refused_with_field_and_line(
    text: str, pointer: str | None, line: int
) -> None:
    with pytest.raises(AliasFileInvalid) as caught:
        read(text)
    assert caught.value.pointer == pointer
    assert caught.value.line == line


def test_a_name_that_belongs_into_another_file_names_both() -> None:
    with pytest.raises(AliasFileInvalid, match=r"named a, .* x:y, belongs into x--y"):
        read(alias_text("x:y"))


def test_a_template_written_into_the_file_may_have_many_lines() -> None:
    text = (
        "alias: a\nrepo: o/r\nfilename: f.gguf\nchat_template: |\n"
        + "  {% for m in messages %}{{ m.content }}{% endfor %}\n" * 20
    )
    template = read_alias(text.encode(), stem="a").chat_template
    assert template is not None
    assert template.count("\n") == 20


def test_an_enforced_parameter_without_a_value_is_refused_with_its_line() -> None:
    text = "alias: a\nrepo: o/r\nfilename: f.gguf\nrequest_policy:\n  temperature: enforce\n"
    with pytest.raises(AliasFileInvalid) as refused:
        read_alias(text.encode(), stem="a")
    assert (refused.value.line, refused.value.pointer) == (5, "/request_policy/temperature")
