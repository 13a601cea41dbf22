"""The user's own chat templates: ``NAME.jinja`` files in the home's folder ``templates``, read.

A link is followed wherever it leads, as with alias files: whoever can put one there can do
anything to this home.
"""

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bodhi.chat_templates.seen_file import SeenFile, look
from bodhi.errors import NameInvalid, TemplateMissing, TemplateUnusable
from bodhi.files import is_device_name

SUFFIX = ".jinja"
# A file changed so recently could change again within the clock tick of its time stamp.
_SETTLED_NS = 2_000_000_000
_NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9][\w.-]{0,63}(?<!\.)", re.ASCII)


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """One file. ``text`` is empty where ``problem`` says why it cannot be used."""

    name: str
    text: str
    problem: str | None = None


def is_own_name(name: str) -> bool:
    """Whether a file of the user's may have this name: it is then only one, on every system."""
    return _NAME.fullmatch(name) is not None and not is_device_name(name)


def check_own_name(name: str) -> str:
    """``name`` itself. Raises NameInvalid."""
    if not is_own_name(name):
        raise NameInvalid(
            "This cannot be the name of a template file: it starts with a letter or digit, has 1 "
            "to 64 of A-Z a-z 0-9 . _ -, no two dots in a row and none at the end, and is not one "
            "that Windows reserves.",
            pointer="/name",
            remedy="Choose another name, such as my-template.",
        )
    return name


def read_own_template(name: str, folder: Path) -> str:
    """The text of the user's template ``name``, which ``is_own_name``.

    A few microseconds once it has been read; read again when the file changes. Raises
    TemplateMissing or TemplateUnusable.
    """
    file = own_file(name, folder)
    is_settled = time.time_ns() - file.identity.mtime_ns > _SETTLED_NS
    text = _read_settled(file) if is_settled else file.read_template()
    if not text:
        raise file.refuse("is empty")
    return text


def own_file(name: str, folder: Path) -> SeenFile:
    """The file of the user's template ``name``, whatever that is.

    Raises TemplateMissing, TemplateUnusable where it cannot be looked at.
    """
    path = f"{os.fspath(folder)}/{name}{SUFFIX}"
    file = look(_called(name), None, path) if is_own_name(name) else None
    if file is None:
        shown = f"file {name}{SUFFIX}" if is_own_name(name) else "such file"
        there = ", ".join(own_names(folder)) or "none"
        raise TemplateMissing(
            f"There is no {shown} among your templates.",
            pointer="/chat_template",
            remedy=f"Put it into the folder templates of BODHI_HOME. There is: {there}.",
        )
    return file


def own_names(folder: Path) -> list[str]:
    """The names of the user's templates, sorted; none where the folder cannot be read."""
    return [stem for stem in _stems(folder) if is_own_name(stem)]


def own_templates(folder: Path) -> Iterator[OwnTemplate]:
    """Every ``.jinja`` file of the folder by name, also those that cannot be used."""
    for stem in _stems(folder):
        if not is_own_name(stem):
            shown = os.fsencode(stem).decode("utf-8", "backslashreplace")
            yield OwnTemplate(shown, "", "Its file has a name that no template can have.")
            continue
        try:
            yield OwnTemplate(stem, read_own_template(stem, folder))
        except (TemplateMissing, TemplateUnusable) as error:
            yield OwnTemplate(stem, "", error.message)


def _stems(folder: Path) -> list[str]:
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names are all that is wanted
    except OSError:
        return []
    files = (name for name in names if name.endswith(SUFFIX) and not name.startswith("."))
    return sorted(name.removesuffix(SUFFIX) for name in files)


@lru_cache(maxsize=64)
def _read_settled(file: SeenFile) -> str:
    return file.read_template()


def _called(name: str) -> str:
    return f"Your template {name}"
