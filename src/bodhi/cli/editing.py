"""``bodhi aliases edit``: the whole file in the person's own editor, checked before it is saved."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bodhi.cli.asking import ask, can_ask
from bodhi.cli.options import UserAlias
from bodhi.cli.output import clean, note, print_error, write
from bodhi.errors import AliasBroken, AliasChanged, AliasFileInvalid, BodhiError, InvalidInput

if TYPE_CHECKING:
    from bodhi.aliases.model import StoredAlias
    from bodhi.cli.workbench import Workbench

# What is tried where neither variable names an editor.
_EDITORS = ("nano", "vi")


def edit_alias(name: UserAlias) -> None:
    """Change an alias in $VISUAL or $EDITOR.

    The text is checked when the editor ends and saved only if it would serve. What somebody
    else saved meanwhile is not lost.
    """
    from bodhi.cli.workbench import open_workbench

    bench = open_workbench()
    stored = bench.find(name)
    editor = _editor()
    text, etag = bench.store.text_of(stored.stem)
    _require_parsed(text, bench.store.folder / f"{stored.stem}.yaml")
    folder = Path(tempfile.mkdtemp(prefix="edit-alias-"))
    draft = folder / f"{stored.stem}.yaml"
    draft.write_bytes(text.encode())
    try:
        _edit_until_saved(bench, stored, editor, draft, (text, etag))
    except BaseException:
        if draft.is_file():
            note(f"Your text is kept in {draft}")
        raise
    shutil.rmtree(folder)


def _edit_until_saved(
    bench: Workbench, stored: StoredAlias, editor: list[str], draft: Path, base: tuple[str, str]
) -> None:
    """``base`` is the text that the draft began with, and its etag."""
    from bodhi.aliases.yaml12 import decode
    from bodhi.cli.workbench import difference

    while True:
        _run(editor, draft)
        try:
            text = decode(draft.read_bytes())
            if text == base[0]:
                note("Nothing was changed.")
                return
            findings = bench.new_findings(text, stored.stem, stored.alias)
            if not findings:
                bench.store.save(stored.stem, text, if_etag=base[1])
                write(difference(base[0], text, stored.stem))
                return
            for line in "\n".join(finding.text() for finding in findings).splitlines():
                note(line)
            error: BodhiError = findings[0].error
        except AliasChanged as changed:
            theirs = bench.store.text_of(stored.stem)
            write(difference(base[0], theirs[0], stored.stem))
            note("This was changed meanwhile. Saving again undoes it, unless your text has it too.")
            base, error = theirs, changed
        except AliasFileInvalid as invalid:
            print_error(invalid)
            error = invalid
        if not _again(error):
            note("Discarded; the alias is as it was.")
            return


def _again(error: BodhiError) -> bool:
    """Whether to edit again; raises ``error`` where nobody can say."""
    if not can_ask():
        raise error
    while True:
        answer = ask("[e]dit again, [d]iscard?").lower()
        if answer in ("e", "edit"):
            return True
        if answer in ("d", "discard"):
            return False
        if not answer:
            raise error


def _editor() -> list[str]:
    """The words of the editor's command line. Raises InvalidInput where there is no editor."""
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    try:
        words = shlex.split(chosen) if chosen else list(filter(shutil.which, _EDITORS))[:1]
    except ValueError:
        words = []
    if not words or shutil.which(words[0]) is None:
        raise InvalidInput(
            "There is no editor to open.", remedy="Name one that is installed in $EDITOR."
        )
    return words


def _run(editor: list[str], draft: Path) -> None:
    """Wait until the editor has ended. Raises InvalidInput if it failed or left no text."""
    with subprocess.Popen([*editor, str(draft)]) as process:  # noqa: S603 - the person's own choice
        # Ctrl-C goes to both of us, and in an editor it is a key like any other.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            code = process.wait()
        finally:
            signal.signal(signal.SIGINT, before)
    if code != 0:
        raise InvalidInput(f"The editor ended with {code}; nothing is saved.")
    if not draft.is_file():
        raise InvalidInput("The editor removed the text; nothing is saved.")


def _require_parsed(text: str, path: Path) -> None:
    """Raises AliasBroken for a file that the store would not overwrite, before any work on it."""
    from bodhi.aliases.yaml12 import parse

    try:
        parse(text)
    except AliasFileInvalid as error:
        place = path.name if error.line is None else f"{path.name}, line {error.line}"
        raise AliasBroken(
            clean(f"{place}: {error.message}"),
            remedy=f"Such a file is never overwritten; repair it where it is: {path}",
        ) from error
