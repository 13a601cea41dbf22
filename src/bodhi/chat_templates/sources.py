"""Turns what an alias says under ``chat_template`` into a template's text and where it is from.

chat_template is         | origin     | text
-------------------------|------------|-------------------------------------------------
absent, or "embedded"    | embedded   | None: the engine takes the model file's own
a built-in id: llama3    | builtin    | shipped with Bodhi
text with {{ or {%       | inline     | the text itself
a repository: owner/name | repository | published there, read from the local hub cache
"""

import hashlib
import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, TypeAlias

from bodhi.chat_templates.builtin import BUILTIN
from bodhi.chat_templates.repository import read_repository_template
from bodhi.chat_templates.size import MAX_TEMPLATE_BYTES, is_too_large
from bodhi.errors import ParameterInvalid

# The hub's own rule for names; it also keeps ".." and "/" out of the folder's name.
_NAME = r"(?![.-])[\w.-]{1,96}(?<![.-])"
_REPOSITORY = re.compile(rf"(?!.*(?:--|\.\.)){_NAME}/{_NAME}", re.ASCII)
# What may be repeated in an error message: a mistyped id, but never somebody's text or path.
_ID_LIKE = re.compile(r"[\w.-]{1,64}", re.ASCII)


Origin: TypeAlias = Literal["embedded", "builtin", "repository", "inline"]


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """``text`` is None only for the embedded template; ``name`` is the id or the repository."""

    text: str | None
    origin: Origin
    name: str | None = None

    @property
    def label(self) -> str:
        """What usage figures call it, the same for as long as the template is: ``embedded``,
        ``builtin:llama3``, ``repository:owner/name``, or ``text:`` and eight hex digits of the
        SHA-256 of the alias's own text.
        """
        if self.origin == "inline":
            return f"text:{hashlib.sha256((self.text or '').encode()).hexdigest()[:8]}"
        return self.origin if self.name is None else f"{self.origin}:{self.name}"


def origin_of(declared: str | None) -> Origin | None:
    """Where the template that ``declared`` stands for would come from; None for a mistyped id."""
    if declared is None or declared == "embedded":
        return "embedded"
    if declared in BUILTIN:
        return "builtin"
    if "{{" in declared or "{%" in declared:
        return "inline"
    return "repository" if _REPOSITORY.fullmatch(declared) else None


def choose_template(declared: str | None, *, hub_cache: Path) -> TemplateChoice:
    """The template that ``declared`` stands for. Nothing is downloaded, nothing is rendered.

    Raises ParameterInvalid (neither a known name nor a usable text), TemplateMissing (the
    repository has none in ``hub_cache``) or TemplateUnusable (it has one that cannot be read).
    A repository costs a few ``stat`` calls once its template has been read, and is read again
    when its files change.
    """
    origin = origin_of(declared)
    if declared is None or origin == "embedded":
        return TemplateChoice(None, "embedded")
    if origin == "builtin":
        return TemplateChoice(BUILTIN[declared].text, "builtin", declared)
    if origin == "inline":
        return TemplateChoice(_checked_inline(declared), "inline")
    if origin == "repository":
        text = read_repository_template(declared, hub_cache)
        return TemplateChoice(text, "repository", declared)
    raise _unknown(declared)


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


def _unknown(declared: str) -> ParameterInvalid:
    shown, guess = "chat_template", ""
    if _ID_LIKE.fullmatch(declared):
        shown = f"chat_template {declared!r}"
        nearest = get_close_matches(declared.lower(), BUILTIN)
        guess = f"Did you mean {' or '.join(nearest)}? " if nearest else ""
    return ParameterInvalid(
        f"{shown} is neither a built-in template, a repository nor Jinja text.",
        pointer="/chat_template",
        remedy=f"{guess}Leave it out for the template in the model file, or write one of "
        f"{', '.join(BUILTIN)}, a repository as owner/name, or Jinja text.",
    )
