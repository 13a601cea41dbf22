"""Alias name -> file stem: what a name may be, and that it can never leave its folder. Pure."""

import re

from bodhi.errors import NameInvalid
from bodhi.files import is_device_name

SUFFIXES = (".yaml", ".yml")

_GRAMMAR = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+@-]{0,127}")
_VERSION = re.compile(r"@[0-9]+$")
_EMPTY_SEGMENT = re.compile(r"[:/](?:[:/]|$)")


def check_name(name: str) -> str:
    """``name`` itself if it can name an alias; raises NameInvalid that says which rule it breaks.

    A name is 1 to 128 characters of ``A-Z a-z 0-9 . _ : / + @ -``, starts with a letter or a
    digit, and has no ``..`` and no empty part between ``:`` and ``/``. ``@`` and digits at the
    end address a version of an alias, so no alias is called that.
    """
    if not _GRAMMAR.fullmatch(name):
        raise _invalid(
            "starts with a letter or a digit and has 1 to 128 of A-Z a-z 0-9 . _ : / + @ -"
        )
    if ".." in name:
        raise _invalid("has no two dots in a row")
    if _EMPTY_SEGMENT.search(name):
        raise _invalid("has something before and after each : and /")
    if _VERSION.search(name):
        raise _invalid("does not end in @ and digits, which address a version")
    return name


def stem_for(name: str) -> str:
    """The stem of the alias's file: ``llama3:instruct`` -> ``llama3--instruct``.

    Each character that is not safe in a path (``:`` and ``/``) becomes ``--``. Different names
    may share a stem; the store refuses the second. Raises NameInvalid, also for stems that some
    file system reserves.
    """
    stem = check_name(name).replace(":", "--").replace("/", "--")
    if is_device_name(stem) or stem.endswith("."):
        raise _invalid("is not one that Windows reserves (CON, NUL, COM1 ...) and ends in no dot")
    return stem


def clash_key(stem: str) -> str:
    """Two stems with equal keys would be one file where case does not count."""
    return stem.casefold()


def _invalid(rule: str) -> NameInvalid:
    return NameInvalid(
        f"This cannot be the name of an alias: a name {rule}.",
        pointer="/alias",
        remedy="Choose another name, such as llama3:instruct.",
    )
