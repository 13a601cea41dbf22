"""What a build can do, read from help texts in llama.cpp's form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.engine.help_text import Build, read_build

REQUIRED = """\
-m,    --model FNAME                    which file
-a,    --alias STRING                   a name
-c,    --ctx-size N                     how many tokens
--host HOST                             where to listen, or a path that
                                        ends in .sock
--port PORT                             which port
"""


def read(more: str = "", version: str = "version: 7 (abc)") -> Build:
    build = read_build(f"----- common params -----\n\n{REQUIRED}{more}", version)
    assert build is not None
    return build


def test_an_option_is_known_under_each_of_its_names() -> None:
    build = read("-kvu,  --kv-unified, -no-kvu, --no-kv-unified\n          one for all\n")
    for name in ("-kvu", "--kv-unified", "-no-kvu", "--no-kv-unified"):
        assert build.options[name].value == ""
        assert build.options[name].text == "one for all"


@pytest.mark.parametrize(
    ("line", "value", "choices"),
    [
        ("-fa,   --flash-attn                     a switch\n", "", ()),
        (
            "-fa,   --flash-attn [on|off|auto]       a choice\n",
            "[on|off|auto]",
            ("on", "off", "auto"),
        ),
        ("--flash-attn {a,b-c}\n           wrapped\n", "{a,b-c}", ("a", "b-c")),
        ("--flash-attn <dev1,dev2,..>             an example\n", "<dev1,dev2,..>", ()),
        ("--flash-attn N\n", "N", ()),
    ],
)
def test_whether_an_option_takes_a_value_is_read_from_its_help(
    line: str, value: str, choices: tuple[str, ...]
) -> None:
    option = read(line).options["--flash-attn"]
    assert (option.value, option.choices) == (value, choices)


def test_an_option_that_was_removed_is_not_known_although_it_is_listed() -> None:
    build = read("--draft N              the argument has\n           been removed. use another\n")
    assert build.first("--draft") is None


def test_sockets_and_keys_are_what_the_text_says_of_them() -> None:
    assert read().speaks_unix
    assert not read().takes_key
    assert read("--api-key KEY          the key\n           (env: LLAMA_API_KEY)\n").takes_key
    assert not read("--api-key KEY          the key\n").takes_key


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("version: 5921 (abc)\nbuilt with x", "5921"),
        ("warning\nversion: 0.6.0-dev (build 0)", "0.6.0-dev"),
        ("no idea", "unknown"),
    ],
)
def test_the_version_is_one_word(text: str, version: str) -> None:
    assert read(version=text).version == version


@given(st.text(alphabet=st.sampled_from("-ab ,\n[]{}|=."), max_size=200) | st.text(max_size=200))
def test_any_text_is_read_or_is_no_help_of_ours(text: str) -> None:
    assert read_build(text, text) is None
    assert read(text).first("--model") == "--model"


def test_the_first_known_name_wins() -> None:
    assert read().first("--nothing", "--port", "--host") == "--port"
    assert read().first("--nothing") is None
