"""Everything that would keep an alias from serving, found without starting an engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bodhi.aliases.model import Alias, StoredAlias
from bodhi.aliases.reader import line_of, read_alias
from bodhi.aliases.yaml12 import decode, parse
from bodhi.cli.output import clean
from bodhi.errors import AliasBroken, AliasFileInvalid, BodhiError, InvalidInput

if TYPE_CHECKING:
    from bodhi.aliases.check import Checker
    from bodhi.model_files.index import Catalogue
    from bodhi.params.values import JsonObject


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of one alias: the name of its file (no folder), the line from 1 if known."""

    file: str
    error: BodhiError
    line: int | None = None

    def to_json(self) -> JsonObject:
        """The keys of ``bodhi aliases validate --json``."""
        return {
            "file": self.file,
            "line": self.line,
            "pointer": self.error.pointer,
            "code": self.error.code,
            "reason": self.error.message,
            "remedy": self.error.remedy,
        }

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{place}: {self.error.message}"

    def text(self) -> str:
        """For a terminal: the remedy, where there is one, on a line of its own."""
        text = clean(str(self))
        return text if self.error.remedy is None else f"{text}\n  {clean(self.error.remedy)}"


@dataclass(frozen=True, slots=True)
class Validator:
    """Checks aliases against the models on this machine."""

    catalogue: Catalogue
    checker: Checker
    folder: Path  # where the store keeps its files

    def check_stored(self, stored: StoredAlias) -> list[Finding]:
        """The findings of one alias of the store."""
        path, problem = _file_of(stored, self.folder), stored.problem
        if problem is None:
            return self.check_file(path)
        found = self.check_file(path) if path.is_file() else []
        if any(isinstance(finding.error, AliasFileInvalid) for finding in found):
            return found
        # What the store knows and the file alone does not show: another file is in its way.
        return [Finding(problem.file, AliasBroken(f"{problem.reason}."), problem.line), *found]

    def check_file(self, path: Path) -> list[Finding]:
        """The findings of a file anywhere, read as if it lay in the store."""
        if not path.is_file():
            return [Finding(path.name, AliasFileInvalid("There is no such file."))]
        try:
            data = path.read_bytes()
        except OSError as error:
            unread = AliasFileInvalid(f"The file cannot be read: {error.strerror}.")
            return [Finding(path.name, unread)]
        return self.check_data(data, path.name)

    def check_data(self, data: bytes, file: str) -> list[Finding]:
        """The findings of a file's bytes, read as if they lay in the store under this name."""
        try:
            alias = read_alias(data, stem=Path(file).stem)
        except AliasFileInvalid as error:
            return [Finding(file, error, error.line)]
        root = parse(decode(data))
        return [
            Finding(file, error, line_of(root, _pointer_in_file(error)))
            for error in self.check_alias(alias)
        ]

    def check_alias(self, alias: Alias) -> list[BodhiError]:
        """Every reason why this alias would not serve now."""
        found = list(self.checker.errors(alias, self.catalogue))
        if all(error.pointer != "/chat_template" for error in found):
            found += self._try_template(alias)
        return found

    def _try_template(self, alias: Alias) -> list[BodhiError]:
        """What is wrong with a template that is the alias's own choice, and not one of ours."""
        from bodhi.aliases.templates import template_of
        from bodhi.chat_templates.builtin import BUILTIN
        from bodhi.chat_templates.found import FoundTemplate
        from bodhi.cli.template_trial import trial_of

        if alias.remote or alias.chat_template in {None, *BUILTIN}:
            return []
        model = self.catalogue.find(alias.repo, alias.filename, alias.snapshot)
        text = template_of(alias, model, self.checker.places).text
        if text is None:
            return []
        error = trial_of(FoundTemplate(text, "inline", None)).error
        return [] if error is None else [error]


def _file_of(stored: StoredAlias, folder: Path) -> Path:
    if stored.problem is not None:
        return folder / stored.problem.file
    short = folder / f"{stored.stem}.yml"
    return short if short.is_file() else short.with_suffix(".yaml")


def _pointer_in_file(error: BodhiError) -> str | None:
    """Errors of resolution point at the request's ``model``; in a file that is the file's name."""
    return "/filename" if error.pointer == "/model" else error.pointer


def exit_code(findings: list[Finding]) -> int:
    """0 without findings, their own code where they agree on one, else that of invalid input."""
    codes = {finding.error.exit_code for finding in findings}
    if not codes:
        return 0
    return codes.pop() if len(codes) == 1 else InvalidInput.exit_code
