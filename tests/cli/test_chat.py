"""``bodhi chat``: one question from the command line or a pipe, and what is sent for it."""

import subprocess
import sys

import pytest

from bodhi.cli.assignments import split_assignment
from bodhi.cli.conversation import Conversation
from bodhi.errors import ParameterInvalid
from tests.support.command_line import bodhi
from tests.support.fake_bodhi import FakeBodhi, envelope


def test_a_message_is_answered_on_standard_output_and_measured_beside_it(
    server: FakeBodhi,
) -> None:
    server.pieces = [{"role": "assistant"}, {"content": "Hello"}, {"content": " you"}]
    ended = bodhi("chat", "tiny", "Hi!", "--server", server.address)
    assert (ended.code, ended.out) == (0, "Hello you\n")
    assert ended.err == "12.3 tokens/s, 3 tokens\n"
    assert server.requests == [
        {"model": "tiny", "messages": [{"role": "user", "content": "Hi!"}], "stream": True}
    ]


def test_a_pipe_is_the_message_where_none_is_given(server: FakeBodhi) -> None:
    ended = bodhi("chat", "tiny", "--server", server.address, stdin="two\nlines ü\n")
    assert ended.out == "Hi\n"
    assert server.requests[0]["messages"] == [{"role": "user", "content": "two\nlines ü\n"}]


def test_an_empty_pipe_is_refused_before_anything_is_sent(server: FakeBodhi) -> None:
    ended = bodhi("chat", "tiny", "--server", server.address, stdin=" \n")
    assert ended.code == 65
    assert ended.err.startswith("Error: There is no message.\n")
    assert server.requests == []


def test_system_prompt_and_parameters_are_sent(server: FakeBodhi) -> None:
    options = ["--system", "Be brief.", "--set", "temperature=0.2", "--set", "stop=END"]
    bodhi("chat", "tiny", "Hi!", *options, "--server", server.address)
    sent = server.requests[0]
    assert sent["messages"][0] == {"role": "system", "content": "Be brief."}
    assert (sent["temperature"], sent["stop"]) == (0.2, ["END"])


def test_a_wrong_parameter_is_refused_before_anything_is_sent(server: FakeBodhi) -> None:
    ended = bodhi("chat", "tiny", "Hi!", "--set", "temprature=1", "--server", server.address)
    assert ended.code == ParameterInvalid.exit_code
    assert "Did you mean temperature?" in ended.err
    assert server.requests == []


def test_an_answer_cannot_take_hold_of_the_terminal(server: FakeBodhi) -> None:
    server.pieces = [{"content": "a\x1b]0;title\x07b\u202ec\n\td"}]
    ended = bodhi("chat", "tiny", "Hi!", "--server", server.address)
    assert ended.out == "a]0;titlebc\n\td\n"


def test_reasoning_is_shown_beside_the_answer(server: FakeBodhi) -> None:
    server.pieces = [{"reasoning_content": "hm"}, {"content": "Yes."}]
    ended = bodhi("chat", "tiny", "Hi!", "--server", server.address)
    assert ended.out == "Yes.\n"
    assert ended.err.startswith("hm\n\n")


def test_what_the_alias_changed_is_said(server: FakeBodhi) -> None:
    server.headers = {"x-bodhi-changed": "temperature", "x-bodhi-dropped": "top_x"}
    server.finish_reason = "length"
    said = bodhi("chat", "tiny", "Hi!", "--server", server.address).err
    assert "cut off at max_tokens; the alias decides temperature; not understood: top_x" in said


def test_the_server_s_error_ends_the_program_with_its_exit_code(server: FakeBodhi) -> None:
    server.fail = 404, envelope("No alias has this name.", "model_not_found", "Look again.")
    ended = bodhi("chat", "nobody", "Hi!", "--server", server.address)
    assert (ended.code, ended.out) == (66, "")
    assert ended.err == "Error: No alias has this name.\nLook again.\n"


def test_an_error_within_the_stream_is_an_error_too(server: FakeBodhi) -> None:
    server.fail_late = envelope("The engine crashed.", "engine_crashed")
    ended = bodhi("chat", "tiny", "Hi!", "--server", server.address)
    assert (ended.code, ended.out) == (69, "Hi\n")
    assert "The engine crashed." in ended.err


def test_an_answer_without_its_end_is_no_answer(server: FakeBodhi) -> None:
    server.break_off = True
    ended = bodhi("chat", "tiny", "Hi!", "--server", server.address)
    assert ended.code == 69
    assert "broke off" in ended.err


@pytest.mark.parametrize(
    ("name", "text", "key", "value"),
    [
        ("temperature", "0.5", "temperature", 0.5),
        ("seed", "7", "seed", 7),
        ("stop", '["a", "b"]', "stop", ["a", "b"]),
        ("stop", "123", "stop", ["123"]),
        ("max_completion_tokens", "9", "max_tokens", 9),
    ],
)
def test_values_are_read_as_their_parameter_wants_them(
    name: str, text: str, key: str, value: object
) -> None:
    conversation = Conversation("tiny")
    conversation.set(name, text)
    assert conversation.params == {key: value}
    conversation.unset(name)
    assert conversation.params == {}


def test_what_is_said_once_for_a_conversation_belongs_into_the_recipe_it_leaves() -> None:
    conversation = Conversation("tiny", system="Be brief.")
    conversation.set("temp", "0.5")
    assert conversation.recipe_edits() == {
        ("request_params", "temperature"): 0.5,
        ("request_params", "system_prompt"): "Be brief.",
    }


@pytest.mark.parametrize("text", ["nine", "NaN", "Infinity", "1e999", "true", "[1]"])
def test_a_value_out_of_range_changes_nothing(text: str) -> None:
    conversation = Conversation("tiny")
    with pytest.raises(ParameterInvalid):
        conversation.set("temperature", text)
    assert conversation.params == {}


def test_a_setting_is_cut_at_its_first_equals_sign() -> None:
    assert split_assignment("stop= a=b ") == ("stop", "a=b")
    with pytest.raises(ParameterInvalid):
        split_assignment("temperature")


def test_standard_input_that_is_no_text_is_refused(server: FakeBodhi) -> None:
    # Python itself decodes what subprocess would not let us send as text.
    script = (
        "import io, sys; sys.stdin = io.TextIOWrapper(io.BytesIO(b'\\xff\\xfe'));"
        f"sys.argv[1:] = ['chat', 'tiny', '--server', '{server.address}'];"
        "from bodhi.cli import main; main()"
    )
    child = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert child.returncode == 65
    assert child.stderr == "Error: The message on standard input is not UTF-8 text.\n"
