"""``bodhi doctor``: everything that is wrong, with the line that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from bodhi.cli.options import AsJson
from bodhi.cli.output import write, write_json
from bodhi.errors import BodhiError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bodhi.cli.checkup import Result
    from bodhi.model_files.index import Catalogue
    from bodhi.settings import Settings


def doctor(as_json: AsJson = False) -> None:
    """Look for what is wrong with this machine, its models and aliases.

    Exits with 1 where there is a problem; warnings do not count.
    """
    from bodhi.cli.checkup import Verdict

    results = []
    for result in _examine():
        results.append(result)
        if not as_json:
            write(result.text())
    is_well = all(result.verdict is not Verdict.PROBLEM for result in results)
    if as_json:
        write_json({"ok": is_well, "checks": [result.to_json() for result in results]})
    raise typer.Exit(0 if is_well else 1)


def _examine() -> Iterator[Result]:
    from bodhi.cli import checkup, engine_checks
    from bodhi.cli.local import load_settings, scan_models

    yield from checkup.check_engine()
    try:
        settings = load_settings()
    except BodhiError as error:
        yield checkup.problem("settings", error)
        return
    yield from engine_checks.check_program(settings)
    yield from engine_checks.check_remotes(settings)
    home = list(checkup.check_home(settings.home))
    yield from home
    yield from checkup.check_server(settings)
    catalogue = scan_models(settings)
    largest = max((model.size_bytes for model in catalogue.rows), default=0)
    yield from checkup.check_room(settings, largest)
    yield from _check_models(settings, catalogue)
    # Opening the aliases puts folders into a home and tidies it: not where it is not ours.
    if settings.home.exists() and all(r.verdict is not checkup.Verdict.PROBLEM for r in home):
        yield from _check_aliases(settings, catalogue)


def _check_models(settings: Settings, catalogue: Catalogue) -> Iterator[Result]:
    from bodhi.cli.checkup import Result, Verdict

    for text in catalogue.problems:
        yield Result("models", Verdict.PROBLEM, text, "Correct the folder's permissions.")
    for folder in (settings.hub_cache, *settings.model_folders):
        if not folder.is_dir():
            yield Result("models", Verdict.WARNING, f"There is no folder {folder}.")
    for model in catalogue.rows:
        if model.problem is not None:
            hint = catalogue.download_hint(model.repo, model.filename, model.snapshot)
            remedy = f"Remove it, or download it again: {hint}"
            yield Result(f"model {model.id}", Verdict.PROBLEM, model.problem, remedy)
    good = sum(model.problem is None for model in catalogue.rows)
    yield Result("models", Verdict.OK, f"{good} of {len(catalogue.rows)} can be loaded.")


def _check_aliases(settings: Settings, catalogue: Catalogue) -> Iterator[Result]:
    from bodhi.cli.checkup import Result, Verdict, problem
    from bodhi.cli.local import checker, open_aliases
    from bodhi.cli.validate import Validator

    try:
        store = open_aliases(settings)
    except BodhiError as error:
        yield problem("aliases", error)
        return
    validator = Validator(catalogue, checker(settings), store.folder)
    stored = store.all()
    good = 0
    for alias in stored:
        findings = validator.check_stored(alias)
        good += not findings
        for finding in findings:
            remedy = finding.error.remedy or f"Run: bodhi aliases edit {alias.stem}"
            yield Result(f"alias {alias.stem}", Verdict.PROBLEM, str(finding), remedy)
    yield Result("aliases", Verdict.OK, f"{good} of {len(stored)} would serve.")
