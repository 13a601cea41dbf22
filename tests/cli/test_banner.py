"""What ``serve`` says when it answers can be read, and its example can be pasted."""

import json
import shlex

from bodhi.cli.banner import banner

ADDRESS = "http://127.0.0.1:1135"


def test_the_banner_names_address_and_aliases() -> None:
    text = banner(ADDRESS, ["llama3:instruct", "us/tiny:Q8_0"], demo=False)
    assert text.splitlines()[0] == f"Bodhi answers on {ADDRESS}"
    assert "  llama3:instruct\n  us/tiny:Q8_0\n" in text


def test_the_demo_says_that_it_is_one() -> None:
    assert "(demo)" in banner(ADDRESS, ["demo"], demo=True)


def test_the_example_survives_the_shell_whatever_the_name() -> None:
    name = 'it\'s $(here) "quoted"'
    example = banner(ADDRESS, [name], demo=False).partition("Try it:\n")[2]
    words = shlex.split(example.replace("\\\n", " "))
    assert words[:2] == ["curl", f"{ADDRESS}/v1/chat/completions"]
    assert json.loads(words[words.index("-d") + 1])["model"] == name


def test_many_names_are_cut_short_and_counted() -> None:
    text = banner(ADDRESS, [f"alias-{number}" for number in range(100)], demo=False)
    assert len(text.splitlines()) < 20
    assert "92 more: bodhi aliases list" in text


def test_without_names_it_says_what_to_do() -> None:
    text = banner(ADDRESS, [], demo=False)
    assert "bodhi serve --demo" in text
    assert "curl" not in text


def test_a_hostile_name_reaches_no_terminal() -> None:
    assert "\x1b" not in banner(ADDRESS, ["a\x1b[2J"], demo=False)
