"""The published cases for the nine built-in templates, typed: conversations, prompts, originals."""

import json
from dataclasses import dataclass
from functools import cache

import yaml

from tests.support.fixtures import shared_fixtures
from tests.support.jinja_reference import Message


@dataclass(frozen=True)
class Case:
    """``expected`` is ``("prompt", text)`` or ``("error", message)``, as the publisher's gives."""

    name: str
    messages: list[Message]
    expected: tuple[str, str]


@dataclass(frozen=True)
class Published:
    """What is known of the template behind one built-in id. ``original`` is its own text.

    ``special_tokens`` are those its tokenizer configuration lists, which may be none.
    """

    id: str
    bos_token: str
    eos_token: str
    original: str
    special_tokens: frozenset[str]
    cases: list[Case]


@dataclass(frozen=True)
class PublishedElsewhere:
    """The template of one repository, and cases with what it gives."""

    repo: str
    bos_token: str
    eos_token: str
    template: str
    cases: list[Case]


@cache
def templates_of_repositories() -> list[PublishedElsewhere]:
    """Of 37 repositories, 256 cases together. Skips where the fixtures are absent."""
    text = (shared_fixtures() / "chat-templates" / "published.yaml").read_text(encoding="utf-8")
    return [
        PublishedElsewhere(
            repo=entry["repo"],
            bos_token=entry["bos_token"],
            eos_token=entry["eos_token"],
            template=entry["chat_template"],
            cases=[_case(case) for case in entry["cases"]],
        )
        for entry in yaml.load(text, Loader=yaml.CSafeLoader)
    ]


@cache
def published_templates() -> dict[str, Published]:
    """Built-in id -> its publisher's template and cases. Skips where the fixtures are absent."""
    text = (shared_fixtures() / "chat-templates" / "builtin.yaml").read_text(encoding="utf-8")
    return {entry["chat_template"]: _published(entry) for entry in yaml.safe_load(text)}


def _published(entry: dict[str, object]) -> Published:
    file = shared_fixtures() / "tokenizer-configs" / str(entry["repo"]) / "tokenizer_config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    template = config["chat_template"]
    if isinstance(template, list):
        template = next(t["template"] for t in template if t["name"] == "default")
    cases = entry["cases"]
    assert isinstance(cases, list)
    return Published(
        id=str(entry["chat_template"]),
        bos_token=str(entry["bos_token"]),
        eos_token=str(entry["eos_token"]),
        original=template,
        special_tokens=frozenset(
            token["content"] for token in config.get("added_tokens_decoder", {}).values()
        ),
        cases=[_case(case) for case in cases],
    )


def _case(raw: dict[str, object]) -> Case:
    kind = "prompt" if "prompt" in raw else "error"
    messages = raw["messages"]
    assert isinstance(messages, list)
    return Case(str(raw["case"]), messages, (kind, str(raw[kind])))
