"""What a llama-server binary can do, read from its own ``--help`` and ``--version``. Pure.

The flags differ from build to build, and a flag that is not known keeps the server from starting.
The form of the text is that of llama.cpp's ``common_arg::to_string``: an option's names start in
the first column, what it means is indented or stands behind at least two spaces.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_NAMES = re.compile(r"-[\w.-]+(?:, *-[\w.-]+)*")
_VERSION = re.compile(r"^version: *([\w.-]{1,40})", re.MULTILINE)
_CHOICES = re.compile(r"[\[{<](\w[\w+,|-]*)[\]}>]")
_REMOVED = "argument has been removed"


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of the help. ``value`` is how its value is described, empty if it takes none."""

    value: str
    text: str

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that are listed, as in ``[on|off|auto]`` and ``{none,layer}``; or none."""
        found = _CHOICES.fullmatch(self.value)
        return tuple(re.split(r"[,|]", found[1])) if found else ()


@dataclass(frozen=True, slots=True)
class Build:
    """One build of llama-server: ``options`` under each of their names, dashes included."""

    version: str
    options: Mapping[str, Option]

    def first(self, *names: str) -> str | None:
        """The first of ``names`` that this build knows."""
        return next((name for name in names if name in self.options), None)

    @property
    def speaks_unix(self) -> bool:
        """Whether ``--host`` takes the path of a Unix socket."""
        return ".sock" in self.options["--host"].text

    @property
    def takes_key(self) -> bool:
        """Whether a key can be given without showing it in the process table."""
        option = self.options.get("--api-key")
        return option is not None and "LLAMA_API_KEY" in option.text


def read_build(help_text: str, version_text: str) -> Build | None:
    """None where the text is not that of a llama-server."""
    options: dict[str, Option] = {}
    for entry in re.split(r"\n(?=-)", help_text):
        names, option = _read_entry(entry)
        if _REMOVED not in option.text:
            options |= dict.fromkeys(names, option)
    if not {"--model", "--host", "--port", "--alias", "--ctx-size"} <= options.keys():
        return None
    version = _VERSION.search(version_text)
    return Build(version[1] if version else "unknown", options)


def _read_entry(entry: str) -> tuple[list[str], Option]:
    """``-c,    --ctx-size N      meaning``, and more of the meaning in further lines."""
    found = _NAMES.match(entry)
    if found is None:
        return [], Option("", "")
    rest = entry[found.end() :]
    takes_value = re.match(r" (\S+)", rest)
    text = " ".join(rest.split())
    return re.split(", *", found[0]), Option(takes_value[1] if takes_value else "", text)
