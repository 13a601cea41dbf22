"""``bodhi templates``: the same from the command line."""

import json
from pathlib import Path

import pytest

from bodhi.chat_templates.builtin import BUILTIN
from tests.support.command_line import GOOD, Machine, Run, bodhi

HELLO = [{"role": "user", "content": "Hello"}]


def test_templates_are_listed(here: Run, machine: Machine, tiny_model: Path) -> None:
    machine.model(tiny_model)
    header, *rows = here("templates", "list").out.splitlines()
    assert header.split() == ["NAME", "ORIGIN", "FOR"]
    assert [row.split()[0] for row in rows] == [*BUILTIN, "us/tiny:Q8_0"]
    listed = here("templates", "list", "--json").json["templates"]
    assert [one["name"] for one in listed] == [*BUILTIN, "us/tiny:Q8_0"]


def test_a_template_is_shown_as_its_text(here: Run, machine: Machine) -> None:
    assert here("templates", "show", "gemma").out == BUILTIN["gemma"].text + "\n"
    assert here("templates", "show", "gemma", "--json").json["origin"] == "builtin"


def test_a_conversation_is_rendered_with_the_tokens_of_the_model(
    here: Run, machine: Machine, tiny_model: Path, tmp_path: Path
) -> None:
    machine.model(tiny_model)
    machine.alias("tiny--chat", GOOD + "chat_template: tinyllama\n")
    file = tmp_path / "messages.json"
    file.write_text(json.dumps(HELLO))
    ended = here("templates", "render", "tiny:chat", "--messages", str(file))
    assert ended.out == "<|user|>\nHello</s>\n<|assistant|>\n\n"
    shown = here("templates", "render", "tiny:chat", "--messages", str(file), "--json").json
    assert shown["prompt"] == "<|user|>\nHello</s>\n<|assistant|>\n"
    parts = [shown["prompt"][span["begin"] : span["end"]] for span in shown["special"]]
    assert parts == ["<|user|>", "</s>", "<|assistant|>"]


def test_a_chat_request_can_be_rendered_from_standard_input() -> None:
    request = {"messages": HELLO, "add_generation_prompt": False}
    ended = bodhi("templates", "render", "gemma", "--messages", "-", stdin=json.dumps(request))
    assert ended.out == "<start_of_turn>user\nHello<end_of_turn>\n\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "not JSON: line 1"),
        ("1", "a list of messages"),
        ("{}", "a list of messages"),
        ('{"messages": 1}', "messages has the wrong type"),
        ('{"messages": [], "tools": 1}', "tools has the wrong type"),
        ('{"messages": [], "chat_template_kwargs": {"tools": 1}}', "tools is set by the server"),
    ],
)
def test_what_cannot_be_read_is_refused(
    text: str, said: str, here: Run, machine: Machine, tmp_path: Path
) -> None:
    file = tmp_path / "messages.json"
    file.write_text(text)
    ended = here("templates", "render", "gemma", "--messages", str(file))
    assert ended.code == 65
    assert said in ended.err


def test_a_refusal_of_the_template_is_an_error(here: Run, machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "messages.json"
    file.write_text(json.dumps([*HELLO, *HELLO]))
    ended = here("templates", "render", "gemma", "--messages", str(file))
    assert ended.code == 65
    assert "refuses these messages" in ended.err
    assert here("templates", "show", "nothing").code == 66


def test_a_template_is_checked_against_the_stop_words_of_its_alias(
    here: Run, machine: Machine, tiny_model: Path
) -> None:
    machine.model(tiny_model)
    machine.alias("tiny--chat", GOOD + "chat_template: gemma\n")
    ended = here("templates", "check", "tiny:chat")
    assert "[template-system]" in ended.out
    assert "ends a turn with <end_of_turn>, the model a sequence with </s>" in ended.out
    stop = "request_params: {stop: [<end_of_turn>]}\n"
    machine.alias("tiny--chat", f"{GOOD}chat_template: gemma\n{stop}")
    found = here("templates", "check", "tiny:chat", "--json").json["findings"]
    assert [one["code"] for one in found] == ["template-system", "template-tools"]


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ a b }}", "in line 1, column 6"),
        ("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "2 s"),
    ],
)
def test_an_alias_whose_template_serves_nobody_is_not_saved(
    template: str, said: str, here: Run, machine: Machine, tiny_model: Path
) -> None:
    machine.model(tiny_model)
    file = machine.alias("tiny--chat", GOOD)
    before = file.read_bytes()
    ended = here("aliases", "set", "tiny:chat", f"chat_template={template}")
    assert ended.code == 65
    assert said in ended.err
    assert file.read_bytes() == before
    machine.alias("tiny--chat", GOOD + f"chat_template: '{template}'\n")
    assert said in here("aliases", "validate").out


def test_an_alias_with_a_template_that_works_is_saved(
    here: Run, machine: Machine, tiny_model: Path
) -> None:
    machine.model(tiny_model)
    file = machine.alias("tiny--chat", GOOD)
    ended = here("aliases", "set", "tiny:chat", "chat_template={{ messages[0].content }}")
    assert ended.code == 0
    assert "chat_template" in file.read_text()
