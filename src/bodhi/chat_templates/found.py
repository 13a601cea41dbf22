"""A chat template that was found by a name, with the tokens of the model it was found for."""

from collections.abc import Mapping
from dataclasses import dataclass

from bodhi.chat_templates.sources import Origin


@dataclass(frozen=True, slots=True)
class FoundTemplate:
    """``text`` is what is rendered; the tokens are empty where no model says them.

    ``name`` is the id, the repository, the file, or the model whose file holds it; ``stop`` are
    the stop words of the alias that it was found for.
    """

    text: str
    origin: Origin
    name: str | None
    bos_token: str = ""
    eos_token: str = ""
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedTemplate:
    """One that can be chosen. ``families`` say in words what a built-in one is for, ``problem`` why
    the text of a file cannot be used.

    ``named`` are those that a model file holds beside its default one: name -> text.
    """

    name: str
    origin: Origin
    text: str
    families: tuple[str, ...] = ()
    special_tokens: tuple[str, ...] = ()
    named: Mapping[str, str] | None = None
    problem: str | None = None
