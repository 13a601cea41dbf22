"""``bodhi aliases lint``: odd values, old flags, and what another build would break."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodhi.cli.completion import complete_alias
from bodhi.cli.options import AsJson
from bodhi.cli.output import clean, note, write, write_json
from bodhi.errors import BodhiError

if TYPE_CHECKING:
    from bodhi.aliases.model import StoredAlias
    from bodhi.chat_templates.trials import AskTrial
    from bodhi.cli.workbench import Workbench
    from bodhi.engine.help_text import Build
    from bodhi.params.findings import Finding
    from bodhi.params.values import JsonObject

# The alias's name is what programs call it by.
_NEVER_APPLIED = "shadowed"


@dataclass(slots=True)
class _Report:
    """One alias: what is to be said of it, and what was changed."""

    stem: str
    name: str
    findings: list[Finding] = field(default_factory=list)
    rewrites: tuple[str, ...] = ()
    fixed: list[str] = field(default_factory=list)
    applied: set[str] = field(default_factory=set)
    error: BodhiError | None = None

    @property
    def is_left(self) -> bool:
        """Whether there is something that somebody has to look at."""
        grave = any(found.severity != "info" for found in self.findings)
        return grave or bool(self.rewrites) or self.error is not None

    def to_json(self) -> JsonObject:
        return {
            "alias": self.name,
            "findings": [_finding_json(found) for found in self.findings],
            "rewrites": list(self.rewrites),
            "fixed": list(self.fixed),
            "error": self.error.message if self.error else None,
        }

    def lines(self) -> list[str]:
        said = [f"{self.name}: fixed: {what}" for what in self.fixed]
        said += [f"{self.name}: old flag: {what}" for what in self.rewrites]
        for found in self.findings:
            said.append(f"{self.name}: {found.severity}: {found.message}  [{found.code}]")
            said += [f"  {found.fix}"] if found.fix else []
        if self.error is not None:
            said.append(f"{self.name}: error: {self.error.message}")
        return [clean(line) for line in said]


@dataclass(frozen=True, slots=True)
class _Looks:
    """Where aliases are, the build that they are held against, and who tries chat templates."""

    bench: Workbench
    build: Build | None
    ask: AskTrial


def lint_aliases(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="One alias; without it, all.", autocompletion=complete_alias
        ),
    ] = None,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Rewrite what changes nothing: old flags, values of no effect."),
    ] = False,
    apply: Annotated[
        list[str] | None,
        typer.Option(
            "--apply", metavar="CODE", help="Also apply the remedy of this finding, here and now."
        ),
    ] = None,
    build: Annotated[
        Path | None,
        typer.Option(
            "--build", metavar="PROGRAM", help="Say what this llama-server would not take."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Report what is odd about aliases: values that fight, do nothing, or are old flags.

    Chat templates are tried, too. Exits with 1 where a warning, an error or an old flag is left;
    what is marked info is only good to know.
    """
    from bodhi.cli.template_trial import TrialBench
    from bodhi.cli.workbench import open_workbench

    bench = open_workbench()
    known = None if build is None else _build_of(build)
    stored = bench.store.all() if target is None else [bench.find(target)]
    wanted = set(apply or ())
    with TrialBench() as trials:
        looks = _Looks(bench, known, trials.trial_of)
        reports = [_lint(looks, one, wanted, fix or bool(wanted)) for one in stored]
    _print(reports, fix, as_json)
    unmet = _say_unmet(wanted, reports)
    if unmet or any(report.is_left for report in reports):
        raise typer.Exit(1)


def _say_unmet(wanted: set[str], reports: list[_Report]) -> bool:
    """Whether a remedy was asked for that there was nowhere to apply."""
    unmet = wanted - set[str]().union(*(report.applied for report in reports))
    for code in sorted(unmet):
        note(f"{clean(code)}: no finding of this code could be mended here.")
    return bool(unmet)


def _print(reports: list[_Report], fix: bool, as_json: bool) -> None:
    if as_json:
        write_json({"checked": len(reports), "aliases": [report.to_json() for report in reports]})
        return
    lines = [line for report in reports for line in report.lines()]
    write("\n".join(lines) or f"{len(reports)} checked, nothing found.")
    if not fix and any(r.rewrites or any(f.is_safe for f in r.findings) for r in reports):
        note("--fix mends what can be mended without changing what requests get.")


def _lint(looks: _Looks, stored: StoredAlias, wanted: set[str], fix: bool) -> _Report:
    from bodhi.advice.old_flags import rewrite_flags

    bench = looks.bench
    report = _Report(stored.stem, stored.alias.name if stored.alias else stored.stem)
    try:
        rewrite = rewrite_flags(bench.store.text_of(stored.stem)[0])
        if fix and rewrite.changes:
            stored = _save(bench, stored, rewrite.text)
            report.fixed += rewrite.changes
        else:
            report.rewrites = rewrite.changes
        for _ in range(8 if fix else 0):  # one remedy may make another unnecessary
            done = _mend(looks, stored, wanted)
            if done is None:
                break
            stored, found = done
            report.applied.add(found.code)
            report.fixed.append(f"{found.fix} ({found.code})")
        report.findings = _findings(looks, stored)
        if stored.problem is not None and not report.rewrites:
            report.findings.append(_broken(stored))
    except BodhiError as error:
        report.error = error
    return report


def _mend(
    looks: _Looks, stored: StoredAlias, wanted: set[str]
) -> tuple[StoredAlias, Finding] | None:
    """Apply the first remedy that is safe or asked for; None where there is none."""
    for found in _findings(replace(looks, build=None), stored):
        allowed = found.is_safe or found.code in wanted
        if found.patch and allowed and found.code != _NEVER_APPLIED:
            change = looks.bench.change(stored, {edit.path: edit.value for edit in found.patch})
            return change.stored, found
    return None


def _save(bench: Workbench, stored: StoredAlias, text: str) -> StoredAlias:
    """With its flags rewritten; what else keeps it from serving kept it from it before."""
    from bodhi.aliases.reader import read_alias
    from bodhi.aliases.yaml12 import encode

    before = stored.alias or read_alias(encode(text), stem=stored.stem)
    bench.check(text, stored.stem, before)
    return bench.store.save(stored.stem, text, if_etag=bench.store.text_of(stored.stem)[1])


def _findings(looks: _Looks, stored: StoredAlias) -> list[Finding]:
    from bodhi.advice.builds import broken_by
    from bodhi.aliases.entry import entry_of_stored
    from bodhi.aliases.trace import shadowed_by_model

    bench = looks.bench
    catalogue, checker = bench.validator.catalogue, bench.validator.checker
    entry = entry_of_stored(stored, catalogue)
    if entry.alias is None:
        return []
    found = checker.findings(entry, looks.ask)
    if shadowed := shadowed_by_model(entry.name, bench.store, catalogue):
        found.append(shadowed)
    if looks.build is not None and entry.alias.remote is None:
        found += broken_by(looks.build, entry.alias, entry.model, checker.cores)
    return found


def _broken(stored: StoredAlias) -> Finding:
    from bodhi.params.findings import Finding
    from bodhi.params.rules.rule import Severity

    assert stored.problem is not None  # noqa: S101 - asked just before
    return Finding("broken", Severity.ERROR, stored.problem.reason)


def _build_of(program: Path) -> Build:
    """What a program says of itself. Raises EngineLoadFailed."""
    import asyncio

    from bodhi.engine.binary import BinaryLauncher, find_program

    async def ask() -> Build:
        return await BinaryLauncher(find_program(program)).prepare()

    return asyncio.run(ask())


def _finding_json(found: Finding) -> JsonObject:
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "params": list(found.params),
        "fix": found.fix or None,
        "safe": found.is_safe,
        "patch": [{"path": list(edit.path), "value": edit.value} for edit in found.patch],
    }
