"""Shell completion of names and parameters: quickly, and silent whatever the alias files hold.

The aliases are not loaded for this: a name is on one line of its file, and a shell waits.
"""

import os
import re
from pathlib import Path

_NAME = re.compile(
    rb"""^alias[ ]*:[ ]+["']?([A-Za-z0-9][A-Za-z0-9._:/+@-]*)["']?[ ]*(?:[ ]#.*)?\r?$""",
    re.MULTILINE,
)
_FIRST_BYTES = 4096
_MOST_FILES = 10_000

# Of a name that bash has cut at its colons: the part before the word that it completes now.
_before_the_word = ""


def complete_alias(incomplete: str) -> list[str]:
    """The names of user aliases that begin with ``incomplete``, sorted; never raises."""
    home = Path(os.environ.get("BODHI_HOME") or "~/.bodhi")
    wanted = _before_the_word + incomplete
    try:
        names = sorted(_names(home.expanduser() / "aliases"))
    except (OSError, RuntimeError):
        return []
    return [name.removeprefix(_before_the_word) for name in names if name.startswith(wanted)]


def complete_parameter(incomplete: str) -> list[str]:
    """The keys of parameters, and the fields of a recipe, that begin with ``incomplete``."""
    # The registry takes a while to import, and most completions are of names.
    from bodhi.cli.assignments import FIELDS
    from bodhi.params.registry import PARAMETERS

    return sorted(key for key in (*FIELDS, *PARAMETERS) if key.startswith(incomplete))


def complete_assignment(incomplete: str) -> list[str]:
    """The same, ready for the value."""
    return [f"{key}=" for key in complete_parameter(incomplete)]


def _names(folder: Path) -> set[str]:
    names: set[str] = set()
    with os.scandir(folder) as entries:
        for _, entry in zip(range(_MOST_FILES), entries, strict=False):
            hidden = entry.name.startswith(".")
            if not hidden and entry.name.endswith((".yaml", ".yml")) and entry.is_file():
                names.update(_name_in(entry.path))
    return names


def _name_in(path: str) -> list[str]:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a tenth of the time of Path.open
            match = _NAME.search(file.read(_FIRST_BYTES))
    except OSError:
        return []
    return [match[1].decode("ascii")] if match else []


def join_names_with_colons() -> None:
    """Undo what bash does to ``llama3:instruct``: three words, of which it completes the last.

    Bash replaces only what follows the last colon (``COMP_WORDBREAKS`` in its manual), so what
    stands before it is taken out of the words that are completed, and remembered.
    """
    global _before_the_word  # noqa: PLW0603 - one process completes one word
    if os.environ.get("_BODHI_COMPLETE") != "complete_bash":
        return
    words = os.environ.get("COMP_WORDS", "").split("\n")
    place = os.environ.get("COMP_CWORD", "")
    position = int(place) if place.isdecimal() else len(words)
    if position >= len(words) or not words[position]:
        return
    start = position
    while start > 1 and (_is_break(words[start]) or _is_break(words[start - 1])):
        start -= 1
    current = "" if _is_break(words[position]) else words[position]
    _before_the_word = "".join(words[start : position + 1]).removesuffix(current)
    os.environ["COMP_WORDS"] = "\n".join([*words[:start], current])
    os.environ["COMP_CWORD"] = str(start)


def _is_break(word: str) -> bool:
    return word.strip(":@") == ""
