"""``bodhi templates``: which chat templates there are, and what prompt one makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bodhi.cli.options import AsJson
from bodhi.cli.output import clean, clean_text, note, table, write, write_json

if TYPE_CHECKING:
    from bodhi.chat_templates.found import FoundTemplate, ListedTemplate
    from bodhi.chat_templates.render import Conversation

_Instead = Annotated[
    str | None,
    typer.Option(
        "--template",
        metavar="TEMPLATE",
        help="Instead of the alias's or model's own: what chat_template may say.",
    ),
]

app = typer.Typer(help="Show chat templates and what they make.", no_args_is_help=True)

_Name = Annotated[
    str,
    typer.Argument(metavar="NAME", help="A template, an alias, a model or a repository."),
]


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """List the templates that come with Bodhi, and those in model files."""
    from bodhi.aliases.templates import list_templates
    from bodhi.cli.local import load_settings, scan_models, template_places

    settings = load_settings()
    found = list(list_templates(scan_models(settings), template_places(settings)))
    if as_json:
        keys = ("name", "origin", "families", "special_tokens", "problem")
        shown = [{key: getattr(one, key) for key in keys} for one in found]
        named = [{"named": sorted(one.named or ())} for one in found]
        write_json({"templates": [a | b for a, b in zip(shown, named, strict=True)]})
        return
    rows = [(one.name, one.origin, _about(one)) for one in found]
    write(table(("NAME", "ORIGIN", "FOR"), rows))


def _about(one: ListedTemplate) -> str:
    """The models it is for, the others in the same file, or what is wrong with it."""
    named = ", ".join(sorted(one.named or ()))
    return one.problem or ", ".join(one.families) or (f"also {named}" if named else "")


@app.command("show")
def show(name: _Name, template: _Instead = None, as_json: AsJson = False) -> None:
    """Print the text of a template."""
    found = _find(name, template)
    if as_json:
        write_json({"name": found.name, "origin": found.origin, "text": found.text})
    else:
        write(clean_text(found.text))


@app.command("render")
def render(
    name: _Name,
    messages: Annotated[
        str | None,
        typer.Option(
            "--messages",
            metavar="FILE",
            help="JSON: a list of messages, or a chat request; - reads standard input.",
        ),
    ] = None,
    template: _Instead = None,
    as_json: AsJson = False,
) -> None:
    """Print the prompt that a conversation becomes; no engine is started.

    Without --messages a short conversation is taken. On a terminal special tokens are marked.
    """
    import asyncio

    from bodhi.chat_templates.render import render_once
    from bodhi.chat_templates.special import special_spans

    found = _find(name, template)
    conversation = _conversation(messages, found)
    prompt = asyncio.run(render_once(found.text, conversation))
    spans = list(special_spans(prompt, found.bos_token, found.eos_token))
    if as_json:
        marked = [{"begin": begin, "end": end} for begin, end in spans]
        write_json(
            {"prompt": prompt, "special": marked, "origin": found.origin, "name": found.name}
        )
        return
    write(_marked(prompt, spans))
    if not found.bos_token:
        note("No model is known here, so that the tokens that begin and end are left out.")


@app.command("check")
def check(name: _Name, template: _Instead = None, as_json: AsJson = False) -> None:
    """Try a template on three conversations: plain, with a system message, with tools."""
    from bodhi.cli.template_trial import trial_of

    found = _find(name, template)
    trial = trial_of(found)
    if trial.error is not None:
        raise trial.error
    if as_json:
        keys = ("code", "severity", "message", "fix")
        said = [{key: str(getattr(one, key)) for key in keys} for one in trial.findings]
        write_json({"findings": said})
        return
    for one in trial.findings:
        write(clean(f"{one.severity}: {one.message}  [{one.code}]"))
        if one.fix:
            write(clean(f"  {one.fix}"))
    if not trial.findings:
        note("Nothing is odd about it.")


def _find(name: str, instead: str | None = None) -> FoundTemplate:
    from bodhi.aliases.templates import find_template
    from bodhi.cli.local import load_settings, open_aliases, scan_models, template_places

    settings = load_settings()
    return find_template(
        name,
        open_aliases(settings),
        scan_models(settings),
        template_places(settings),
        instead=instead,
    )


def _conversation(file: str | None, found: FoundTemplate) -> Conversation:
    from bodhi.chat_templates.render import Conversation
    from bodhi.chat_templates.samples import SAMPLES

    asked: dict[str, Any] = {"messages": SAMPLES["plain"]}
    if file is not None:
        asked = _read(file)
    return Conversation(
        asked["messages"],
        tools=asked.get("tools"),
        add_generation_prompt=asked.get("add_generation_prompt", True),
        bos_token=found.bos_token,
        eos_token=found.eos_token,
        kwargs=asked.get("chat_template_kwargs", {}),
    )


def _read(file: str) -> dict[str, Any]:
    import sys
    from pathlib import Path

    import orjson

    from bodhi.errors import InvalidInput

    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        read = orjson.loads(raw)
    except OSError as error:
        raise InvalidInput(f"The messages cannot be read ({error.strerror}).") from error
    except orjson.JSONDecodeError as error:
        raise InvalidInput(
            f"The messages are not JSON: line {error.lineno}, column {error.colno}."
        ) from error
    asked = {"messages": read} if isinstance(read, list) else read
    kinds: dict[str, type] = {
        "messages": list,
        "tools": list,
        "add_generation_prompt": bool,
        "chat_template_kwargs": dict,
    }
    if not isinstance(asked, dict) or "messages" not in asked:
        raise InvalidInput("What is wanted is a list of messages, or an object that has them.")
    for key, kind in kinds.items():
        if not isinstance(asked.get(key, kind()), kind):
            raise InvalidInput(f"{key} has the wrong type.", pointer=f"/{key}")
    return asked


def _marked(prompt: str, spans: list[tuple[int, int]]) -> str:
    import sys

    from bodhi.cli.output import paint

    pieces, last = [], 0
    for begin, end in spans:
        pieces += [clean_text(prompt[last:begin])]
        pieces += [paint(clean_text(prompt[begin:end]), "36", sys.stdout)]
        last = end
    return "".join([*pieces, clean_text(prompt[last:])])
