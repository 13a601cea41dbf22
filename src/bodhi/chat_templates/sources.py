"""Turns what an alias says under ``chat_template`` into a template's text and where it is from.

chat_template is         | origin     | text
-------------------------|------------|-------------------------------------------------
absent, or "embedded"    | embedded   | None: the engine takes the model file's own
"embedded:tool_use"      | embedded   | the one of this name in the model file
a built-in id: llama3    | builtin    | shipped with Bodhi
text with {{ or {%       | inline     | the text itself
"file:mine"              | file       | mine.jinja in the home's folder templates
a repository: owner/name | repository | published there, read from the local hub cache
"owner/name:tool_use"    | repository | the one of this name there
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from bodhi.chat_templates.builtin import BUILTIN
from bodhi.chat_templates.own import is_own_name, own_names, read_own_template
from bodhi.chat_templates.repository import read_repository_template
from bodhi.chat_templates.size import MAX_TEMPLATE_BYTES, is_too_large
from bodhi.errors import ParameterInvalid, TemplateMissing

EMBEDDED = "embedded"
FILE_PREFIX = "file:"
_DEFAULT = "default"

# The hub's own rule for names; it also keeps ".." and "/" out of the folder's name.
_NAME = r"(?![.-])[\w.-]{1,96}(?<![.-])"
_REPOSITORY = re.compile(rf"(?!.*(?:--|\.\.)){_NAME}/{_NAME}", re.ASCII)
# Of several templates in one file or repository, as publishers call them: tool_use, rag.
_ONE_OF = re.compile(r"(?!.*\.\.)\w[\w.-]{0,63}", re.ASCII)
# What may be repeated in an error message: a mistyped id, but never somebody's text or path.
_ID_LIKE = re.compile(r"[\w.-]{1,64}", re.ASCII)


Origin: TypeAlias = Literal["embedded", "builtin", "repository", "file", "inline"]

# Those in files that anybody may change, so that a choice holds only while they stay as they are.
CHANGEABLE: frozenset[Origin] = frozenset({"repository", "file"})
NO_TEMPLATES: Mapping[str, str] = MappingProxyType({})


class TemplatePlaces(NamedTuple):
    """Where templates are on this machine: the hub cache, and the user's own folder."""

    hub_cache: Path
    own: Path


class Declared(NamedTuple):
    """What an alias says, taken apart. ``named`` is which of several in one file or repository."""

    origin: Origin
    name: str | None = None
    named: str | None = None

    @property
    def shown(self) -> str | None:
        """Which one it is, for people, without its origin; None where the origin says all."""
        return ":".join(filter(None, (self.name, self.named))) or None


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """``text`` is None only for the model file's default template.

    ``name`` is the id, the repository or the file; ``named`` which of several there.
    """

    text: str | None
    origin: Origin
    name: str | None = None
    named: str | None = None

    @property
    def shown(self) -> str | None:
        """As ``Declared.shown``."""
        return Declared(self.origin, self.name, self.named).shown

    @property
    def label(self) -> str:
        """What usage figures call it, the same for as long as the template is: ``embedded``,
        ``embedded:tool_use``, ``builtin:llama3``, ``repository:owner/name``, ``file:mine``, or
        ``text:`` and eight hex digits of the SHA-256 of the alias's own text.
        """
        if self.origin == "inline":
            return f"text:{hashlib.sha256((self.text or '').encode()).hexdigest()[:8]}"
        return ":".join(filter(None, (self.origin, self.shown)))


def parse_declared(declared: str | None) -> Declared | None:
    """Where the template that ``declared`` stands for would come from; None for a mistyped id."""
    if declared is None or declared == EMBEDDED:
        return Declared("embedded")
    if declared in BUILTIN:
        return Declared("builtin", declared)
    if "{{" in declared or "{%" in declared:
        return Declared("inline")
    head, colon, rest = declared.partition(":")
    if f"{head}{colon}" == FILE_PREFIX:
        return Declared("file", rest) if is_own_name(rest) else None
    if colon and not _ONE_OF.fullmatch(rest):
        return None
    named = None if rest in {"", _DEFAULT} else rest
    if head == EMBEDDED:
        return Declared("embedded", None, named)
    return Declared("repository", head, named) if _REPOSITORY.fullmatch(head) else None


def origin_of(declared: str | None) -> Origin | None:
    """The origin alone, as ``parse_declared`` says it."""
    parsed = parse_declared(declared)
    return parsed.origin if parsed else None


def choose_template(
    declared: str | None, places: TemplatePlaces, embedded: Mapping[str, str] = NO_TEMPLATES
) -> TemplateChoice:
    """The template that ``declared`` stands for. Nothing is downloaded, nothing is rendered.

    ``embedded`` are the named templates of the model file, its default one not among them.
    Raises ParameterInvalid (neither a known name nor a usable text), TemplateMissing (there is
    none of this name) or TemplateUnusable (there is one that cannot be read). What is in files
    costs a few ``stat`` calls once it has been read, and is read again when they change.
    """
    parsed = parse_declared(declared)
    if declared is None or parsed == Declared("embedded"):
        return TemplateChoice(None, "embedded")
    if parsed is None:
        raise _unknown(declared, places)
    return TemplateChoice(_text_of(declared, parsed, places, embedded), *parsed)


def _text_of(
    declared: str, parsed: Declared, places: TemplatePlaces, embedded: Mapping[str, str]
) -> str:
    origin, name, named = parsed
    if origin == "inline":
        return _checked_inline(declared)
    if name is None:
        return _checked_named(named or _DEFAULT, embedded)
    if origin == "builtin":
        return BUILTIN[name].text
    if origin == "file":
        return read_own_template(name, places.own)
    return read_repository_template(name, places.hub_cache, named)


def _checked_named(named: str, embedded: Mapping[str, str]) -> str:
    text = embedded.get(named)
    if text is None:
        known = ", ".join(f"{EMBEDDED}:{name}" for name in sorted(embedded))
        raise TemplateMissing(
            f"The model file has no chat template named {named}.",
            pointer="/chat_template",
            remedy=f"Beside its default one it has {known or 'no other'}.",
        )
    return _checked_inline(text)


def _checked_inline(text: str) -> str:
    try:
        too_large = is_too_large(text)
    except UnicodeEncodeError:
        raise ParameterInvalid(
            "The chat template is not valid Unicode.", pointer="/chat_template"
        ) from None
    if too_large:
        raise ParameterInvalid(
            f"The chat template is larger than {MAX_TEMPLATE_BYTES // 1024} KiB.",
            pointer="/chat_template",
        )
    return text


def _unknown(declared: str, places: TemplatePlaces) -> ParameterInvalid:
    shown, guess = "chat_template", ""
    if _ID_LIKE.fullmatch(declared):
        shown = f"chat_template {declared!r}"
        own = {name: f"{FILE_PREFIX}{name}" for name in own_names(places.own)}
        known = own | {name: name for name in BUILTIN}
        nearest = [known[name] for name in get_close_matches(declared.lower(), known)]
        if declared in own:
            nearest = [own[declared]]
        guess = f"Did you mean {' or '.join(nearest)}? " if nearest else ""
    return ParameterInvalid(
        f"{shown} is neither a built-in template, a repository, a file nor Jinja text.",
        pointer="/chat_template",
        remedy=f"{guess}Leave it out for the template in the model file, or write one of "
        f"{', '.join(BUILTIN)}, a repository as owner/name, a file of yours as file:NAME, or "
        "Jinja text.",
    )
