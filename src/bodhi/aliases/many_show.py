"""From validations, batches and the like to what the control plane shows of them. Pure."""

from collections.abc import Sequence

from bodhi.aliases.archive import Unpacked
from bodhi.aliases.batch import Outcome
from bodhi.aliases.batch_sent import UndoSent
from bodhi.aliases.compare import Side, compare_fields, compare_parameters
from bodhi.aliases.many_shown import (
    ArchivedFile,
    ArchiveShown,
    BatchShown,
    ChangeShown,
    ComparedField,
    ComparedParameter,
    ComparedValue,
    Comparison,
    OutcomeShown,
    ProblemShown,
    RecipeShown,
    ValidationShown,
)
from bodhi.aliases.model import Alias
from bodhi.aliases.preset import name_in
from bodhi.aliases.show import show_effective, show_error, show_findings
from bodhi.aliases.shown import AliasItem, ErrorShown
from bodhi.aliases.validation import Problem, Validation, pointer_in_file
from bodhi.errors import BodhiError

_UNCHANGED = ErrorShown(
    code="unchanged", message="It is so already.", pointer=None, remedy=None, to_type=None
)


def show_validation(found: Validation) -> ValidationShown:
    """A recipe that is not saved."""
    return ValidationShown(
        id=found.stem,
        source_text=found.text,
        recipe=None if found.alias is None else show_recipe(found.alias),
        errors=[_problem(one) for one in found.problems],
        findings=show_findings(found.findings),
        effective=[show_effective(one) for one in found.effective],
    )


def show_comparison(items: Sequence[AliasItem], sides: Sequence[Side]) -> Comparison:
    """Aliases beside one another."""
    fields = [
        ComparedField(name=row.name, values=list(row.values), differs=row.differs)
        for row in compare_fields(sides)
    ]
    parameters = [
        ComparedParameter(
            key=row.row.key,
            label=row.row.label,
            section=row.row.section,
            group=row.row.group,
            unit=row.row.unit,
            applies=row.row.applies,
            values=[
                None if one is None else ComparedValue(value=one.value, layer=one.layer)
                for one in row.values
            ],
            differs=row.differs,
        )
        for row in compare_parameters(sides)
    ]
    return Comparison(aliases=list(items), fields=fields, parameters=parameters)


def show_batch(outcomes: Sequence[Outcome], *, dry_run: bool) -> BatchShown:
    """What became of each; undone is in the other direction."""
    changed = sum(one.is_changed for one in outcomes)
    return BatchShown(
        dry_run=dry_run,
        changed=changed,
        skipped=len(outcomes) - changed,
        items=[_outcome(one) for one in outcomes],
        undo=[
            UndoSent(
                id=one.undo.alias_id,
                etag=one.undo.etag,
                source_text=one.undo.source_text,
                trash_id=one.undo.trash_id,
            )
            for one in reversed(outcomes)
            if one.undo is not None
        ],
    )


def _outcome(one: Outcome) -> OutcomeShown:
    reason = None if one.is_changed else show_error(one.refused) or _UNCHANGED
    return OutcomeShown(
        id=one.alias_id,
        status="changed" if one.is_changed else "skipped",
        reason=reason,
        changes=[
            ChangeShown(path=list(change.path), before=change.before, after=change.after)
            for change in one.changes
        ],
        etag=one.etag,
    )


def show_archive(files: Sequence[Unpacked]) -> ArchiveShown:
    """What is in an archive."""
    return ArchiveShown(files=[_archived(*one) for one in files])


def _archived(file: str, text: str | None, error: BodhiError | None) -> ArchivedFile:
    problem = None if error is None else _problem(Problem(error, getattr(error, "line", None)))
    return ArchivedFile(file=file, source_text=text, error=problem)


def _problem(problem: Problem) -> ProblemShown:
    error = problem.error
    return ProblemShown(
        code=error.code,
        message=error.message,
        pointer=pointer_in_file(error),
        remedy=error.remedy,
        to_type=error.to_type,
        line=problem.line,
    )


def show_recipe(alias: Alias) -> RecipeShown:
    """An alias as fields."""
    fields = {key: getattr(alias, key) for key in RecipeShown.model_fields.keys() - {"preset"}}
    own = {"tags": list(alias.tags), "preset": name_in(alias)}
    # Not checked again: values of a file that is wrong are shown as they are written.
    return RecipeShown.model_construct(**{**fields, **own})
