"""Writes docs/reference/command-line.md from the help that the commands themselves give.

python tools/make_cli_reference.py            write the page
python tools/make_cli_reference.py --check    fail if the page is not what would be written
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from typer.main import get_command

from bodhi import errors
from bodhi.cli.program import app
from bodhi.errors import BodhiError

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "command-line.md"
_WIDTH = 88

_INTRODUCTION = """\
<!-- Written by tools/make_cli_reference.py from the commands' own help; change it there. -->

# Command line

Every command that reads takes `--json`: keys are sorted and stay the same from version to
version. Results go to standard output, remarks and errors to standard error. An error is one
line, `Error:` and the fact, with the remedy on the next line. Colours appear on a terminal only,
and never where `NO_COLOR` is set.

`aliases`, `models`, `pull`, `keys`, `settings` and `doctor` work on the files of this machine and
need no server; a running one sees what they change at once. `engines`, `usage` and `chat` talk to
the running one. They find it by `--server`, `$BODHI_SERVER`, or the host and port in the settings,
and send the key in `$BODHI_API_KEY`.

A parameter is written under any of its names: `n_ctx=4096`, `ctx-size=4096`. `seed` alone is the
request's; `context_params.seed` is the engine's. Lists and objects are written as JSON.

`bodhi --install-completion` teaches your shell to complete commands and the names of aliases.
"""

_EXIT_CODES = """\
## Exit codes

| code | meaning |
|-----:|---------|
| 0 | done |
| 1 | `doctor` found a problem, or the answer to a question was no |
| 2 | the command line itself is wrong |
{rows}
| 130 | ended by Ctrl-C |
| 141 | whoever read the output has gone |
"""


def page() -> str:
    """The whole page."""
    root: Any = get_command(app)
    sections = [_section(path, command) for path, command in _commands("bodhi", root)]
    return "\n".join([_INTRODUCTION, *sections, _EXIT_CODES.format(rows=_exit_code_rows())])


def _commands(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from _commands(f"{path} {name}", below)


def _section(path: str, command: Any) -> str:
    context = typer.Context(
        command,
        info_name=path,
        terminal_width=_WIDTH,
        max_content_width=_WIDTH,
        help_option_names=["-h", "--help"],
    )
    return f"## {path}\n\n```text\n{command.get_help(context)}\n```\n"


def _exit_code_rows() -> str:
    """One row an exit code, with the codes of the errors that end with it."""
    codes: dict[int, list[str]] = {}
    for kind in _family(BodhiError):
        codes.setdefault(kind.exit_code, []).append(f"`{kind.code}`")
    return "\n".join(f"| {code} | {', '.join(names)} |" for code, names in sorted(codes.items()))


def _family(kind: type[BodhiError]) -> Iterator[type[BodhiError]]:
    # What other rooms derive depends on what happens to be imported; the tree itself does not.
    if kind.__module__.startswith(errors.__name__):
        yield kind
        for below in kind.__subclasses__():
            yield from _family(below)


def main() -> None:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description="Write the reference of the command line.")
    parser.add_argument("--check", action="store_true", help="only say whether it is current")
    wanted = page()
    if not parser.parse_args().check:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(wanted, encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != wanted:
        sys.exit(f"{PAGE.name} is not current: run python tools/make_cli_reference.py")


if __name__ == "__main__":
    main()
