"""``bodhi chat`` as a conversation on a real terminal: typed, answered, interrupted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command_line import GOOD, PROGRAM, Machine
from tests.support.fake_bodhi import FakeBodhi, envelope
from tests.support.terminal import Terminal, terminal


@pytest.fixture
def chat(server: FakeBodhi) -> Iterator[Terminal]:
    with terminal([*PROGRAM, "chat", "tiny", "--server", server.address]) as screen:
        screen.wait_for("/help lists commands.")
        screen.wait_for("> ")
        yield screen


def say(chat: Terminal, text: str, answer: str) -> None:
    """Type a line, wait for what it brings and for the next prompt."""
    chat.type(text + "\r")
    chat.wait_for(answer)
    chat.wait_for("> ")


def test_the_thread_is_kept_until_it_is_cleared(chat: Terminal, server: FakeBodhi) -> None:
    say(chat, "one", "12.3 tokens/s")
    say(chat, "two", "12.3 tokens/s")
    say(chat, "/clear", "forgotten")
    say(chat, "/etc/hosts?", "12.3 tokens/s")
    threads = [[m["content"] for m in request["messages"]] for request in server.requests]
    assert threads == [["one"], ["one", "Hi", "two"], ["/etc/hosts?"]]
    chat.type("/exit\r")
    assert chat.wait_end() == 0


def test_ctrl_c_stops_the_answer_and_not_the_program(chat: Terminal, server: FakeBodhi) -> None:
    server.pieces = [{"content": "begun"}, {"content": " and held"}]
    server.hold_after = 1
    chat.type("go\r")
    chat.wait_for("begun")
    assert server.holding.wait(20)
    chat.type("\x03")
    chat.wait_for("Stopped.")
    server.hold_after = None
    say(chat, "again", "and held")
    # What was seen of the first answer stays in the thread.
    assert [m["content"] for m in server.requests[1]["messages"]] == ["go", "begun", "again"]
    chat.type("\x04")
    assert chat.wait_end() == 0


def test_ctrl_c_at_the_prompt_drops_the_line_and_says_how_to_leave(
    chat: Terminal, server: FakeBodhi
) -> None:
    chat.type("half a line")
    chat.wait_for("half a line")
    # A signal that comes just before Python waits for the next key is seen with that key only.
    chat.type("\x03")
    chat.type("\r")
    chat.wait_for("Ctrl-D ends")
    chat.wait_for("> ")
    chat.type("\x04")
    assert chat.wait_end() == 0
    assert server.requests == []


def test_parameters_can_be_set_shown_and_left_again(chat: Terminal, server: FakeBodhi) -> None:
    say(chat, "/set temperature 0.2", "temperature 0.2")
    say(chat, "/set temperature=9", "Error:")
    say(chat, "/set stop = a b", 'stop ["a b"]')
    say(chat, "hello", "tokens/s")
    assert (server.requests[0]["temperature"], server.requests[0]["stop"]) == (0.2, ["a b"])
    say(chat, "/set stop", "temperature 0.2")
    say(chat, "/set temperature", "Nothing is set")
    say(chat, "/nonsense", "There is no /nonsense.")
    say(chat, "/help", "/set NAME VALUE")
    assert len(server.requests) == 1


def test_a_failed_question_is_forgotten_and_the_conversation_goes_on(
    chat: Terminal, server: FakeBodhi
) -> None:
    server.fail = 503, envelope("The engine did not load.", "engine_load_failed", "See its log.")
    say(chat, "one", "See its log.")
    server.fail = None
    say(chat, "two", "tokens/s")
    assert [m["content"] for m in server.requests[1]["messages"]] == ["two"]


def test_the_alias_is_saved_with_what_is_set_and_never_over_another(
    machine: Machine, tiny_model: Path, chat: Terminal
) -> None:
    machine.model(tiny_model)
    old = machine.alias("tiny", "# mine\n" + GOOD.replace("tiny:chat", "tiny"))
    text = old.read_text()
    say(chat, "/set temperature 0.2", "temperature 0.2")
    say(chat, "/save tiny", "bodhi aliases set tiny KEY=VALUE")
    say(chat, "/save a b", "cannot be the name of an alias")
    say(chat, "/save tiny:cool", "tiny:cool is saved as tiny--cool.yaml")
    assert old.read_text() == text
    saved = old.with_name("tiny--cool.yaml").read_text()
    added = "request_params:\n  temperature: 0.2\n"
    assert saved == text.replace("alias: tiny", "alias: tiny:cool") + added


def test_a_missing_server_is_missed_before_the_first_question() -> None:
    with terminal([*PROGRAM, "chat", "tiny", "--server", "127.0.0.1:1"]) as screen:
        screen.wait_for("No server answers on http://127.0.0.1:1.")
        assert screen.wait_end() == 69
