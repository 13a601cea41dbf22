"""``bodhi chat``: a conversation with an alias through the running server.

Standard output carries the answers and nothing else; figures and remarks go to standard error.
"""

import json
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from bodhi.cli.options import AliasName, ServerAddress
from bodhi.cli.output import clean, clean_text, note, paint, print_error, write
from bodhi.errors import BodhiError, InvalidInput

if TYPE_CHECKING:
    from bodhi.cli.conversation import Answer, Conversation
    from bodhi.cli.server_client import Server

_HELP = """\
/set NAME VALUE   give a request parameter a value, as in /set temperature 0.2
/set NAME         leave it to the alias again
/set              show what is set
/save NAME        keep the alias, with what is set, under a new name
/clear            forget the conversation
/exit             end (or Ctrl-D); Ctrl-C stops an answer"""


def chat(
    alias: AliasName,
    message: Annotated[
        str | None,
        typer.Argument(
            metavar="MESSAGE", help="Ask this and end; without it, standard input if it is a pipe."
        ),
    ] = None,
    system: Annotated[
        str | None, typer.Option("--system", metavar="TEXT", help="System prompt.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="A request parameter; may be given again."
        ),
    ] = None,
    server: ServerAddress = None,
) -> None:
    """Talk to an alias.

    In a conversation, /help lists what else can be typed.
    """
    from bodhi.cli.assignments import split_assignment
    from bodhi.cli.conversation import Conversation
    from bodhi.cli.server_client import find_server

    conversation = Conversation(alias, system)
    for setting in settings or ():
        conversation.set(*split_assignment(setting))
    found = find_server(server)
    if message is None and sys.stdin is not None and sys.stdin.isatty():
        _converse(found, conversation)
    else:
        _ask_once(found, conversation, _read_pipe() if message is None else message)


def _read_pipe() -> str:
    if sys.stdin is None:
        return ""
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise InvalidInput("The message on standard input is not UTF-8 text.") from error


def _ask_once(server: "Server", conversation: "Conversation", message: str) -> None:
    if not message.strip():
        raise InvalidInput(
            "There is no message.", remedy="Give one after the alias, or on standard input."
        )
    from bodhi.cli.conversation import Answer

    answer = Answer()
    conversation.messages.append({"role": "user", "content": message})
    _stream(server, conversation, answer)
    _sum_up(answer)


def _converse(server: "Server", conversation: "Conversation") -> None:
    # A server that is not there should be missed now, not after the first long question.
    server.ask_json("GET", "/v1/models")
    with suppress(ImportError):
        import readline  # noqa: F401 - gives input() editing and history

    note(f"Talking to {conversation.alias}. /help lists commands.")
    while True:
        try:
            line = input("> " if sys.stdout.isatty() else "").strip()
        except KeyboardInterrupt:
            write("")
            note("/exit or Ctrl-D ends.")
            continue
        except EOFError:
            write("")
            return
        command, _, rest = line.partition(" ")
        if command == "/exit":
            return
        # A path at the start of a question is no command.
        if command.startswith("/") and command[1:].isalpha():
            _obey(command, rest.strip(), conversation)
        elif line:
            _exchange(server, conversation, line)


def _obey(command: str, rest: str, conversation: "Conversation") -> None:
    if command == "/help":
        write(_HELP)
    elif command == "/clear":
        conversation.messages.clear()
        note("The conversation is forgotten.")
    elif command in ("/set", "/save"):
        try:
            (_set if command == "/set" else _save)(conversation, rest)
        except BodhiError as error:
            print_error(error)
    else:
        note(f"There is no {command}. /help lists what there is.")


def _save(conversation: "Conversation", name: str) -> None:
    from bodhi.cli.workbench import open_workbench

    stored = open_workbench().clone(conversation.alias, name, conversation.recipe_edits())
    note(f"{name} is saved as {stored.stem}.yaml in the home of this machine.")


def _set(conversation: "Conversation", rest: str) -> None:
    # Both ``temperature 0.2`` and ``temperature = 0.2`` are what people type.
    name, *value = re.split(r"\s*=\s*|\s+", rest, maxsplit=1)
    if value:
        conversation.set(name, value[0])
    elif name:
        conversation.unset(name)
    for key, set_value in sorted(conversation.params.items()):
        note(f"{key} {json.dumps(set_value)}")
    if not conversation.params:
        note("Nothing is set; the alias decides.")


def _exchange(server: "Server", conversation: "Conversation", message: str) -> None:
    """One question and its answer. What was answered before Ctrl-C stays in the thread."""
    from bodhi.cli.conversation import Answer

    answer = Answer()
    conversation.messages.append({"role": "user", "content": message})
    try:
        _stream(server, conversation, answer)
        _sum_up(answer)
    except KeyboardInterrupt:
        note("Stopped.")
    except BodhiError as error:
        print_error(error)
    if answer.text:
        conversation.messages.append({"role": "assistant", "content": answer.text})
    else:
        conversation.messages.pop()


def _stream(server: "Server", conversation: "Conversation", answer: "Answer") -> None:
    from bodhi.cli.conversation import receive

    screen = _Screen()
    try:
        receive(
            server,
            conversation.request(),
            answer,
            show=screen.answer,
            show_reasoning=screen.reasoning,
        )
    finally:
        # Half an answer is a line too; what comes next must not be taken for its end.
        if answer.text:
            write("")


class _Screen:
    """Shows the answer on standard output, and what led to it on standard error, apart from it."""

    def __init__(self) -> None:
        self._reasoning = False

    def reasoning(self, text: str) -> None:
        self._reasoning = True
        self._aside(paint(clean_text(text), "2", sys.stderr))

    def answer(self, text: str) -> None:
        if self._reasoning and text:
            self._reasoning = False
            self._aside("\n\n")
        write(clean_text(text), end="")

    def _aside(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def _sum_up(answer: "Answer") -> None:
    parts = []
    if answer.tokens_per_s is not None and answer.tokens is not None:
        parts.append(f"{answer.tokens_per_s:.1f} tokens/s, {answer.tokens} tokens")
    if answer.finish_reason == "length":
        parts.append("cut off at max_tokens")
    if answer.changed:
        parts.append(f"the alias decides {clean(answer.changed)}")
    if answer.dropped:
        parts.append(f"not understood: {clean(answer.dropped)}")
    if parts:
        note("; ".join(parts))
