"""The registry: every parameter by key, and by any spelling within its section. Pure."""

from difflib import get_close_matches
from types import MappingProxyType

from bodhi.errors import ParameterInvalid
from bodhi.params.parameter import Parameter, Section
from bodhi.params.refused import refuse_known
from bodhi.params.rows.answer import ANSWER
from bodhi.params.rows.cache import CACHE
from bodhi.params.rows.context import CONTEXT
from bodhi.params.rows.hardware import HARDWARE
from bodhi.params.rows.repetition import REPETITION
from bodhi.params.rows.sampling import SAMPLING

PARAMETERS = MappingProxyType(
    {row.key: row for row in (*SAMPLING, *REPETITION, *ANSWER, *CONTEXT, *CACHE, *HARDWARE)}
)


def normalise_spelling(name: str) -> str:
    """``--ctx-size``, ``ctx-size`` and ``ctx_size`` are one spelling."""
    return name.lstrip("-").replace("-", "_")


def _spellings(section: Section) -> dict[str, tuple[Parameter, bool]]:
    """Spelling -> (row, whether the spelling means the opposite)."""
    names: dict[str, tuple[Parameter, bool]] = {}
    for row in PARAMETERS.values():
        if row.section is not section:
            continue
        for name in (row.key, *row.spellings):
            names[name] = (row, False)
        for name in row.negations:
            names[name] = (row, True)
    return names


SPELLINGS = MappingProxyType({section: _spellings(section) for section in Section})


def find(name: str, section: Section, pointer: str) -> tuple[Parameter, bool]:
    """The row that ``name`` spells in this section, and whether it is spelled negated.

    Raises ParameterInvalid with the nearest name, with the section where it belongs, or with why
    there is no such parameter.
    """
    spelling = normalise_spelling(name)
    if hit := SPELLINGS[section].get(spelling):
        return hit
    refuse_known(spelling, name, pointer)
    other = Section.REQUEST if section is Section.CONTEXT else Section.CONTEXT
    if spelling in SPELLINGS[other]:
        remedy = f"Write it under {other.value}."
    elif near := get_close_matches(spelling, SPELLINGS[section], n=1):
        remedy = f"Did you mean {near[0]}?"
    else:
        remedy = "Remove it, or correct its name."
    raise ParameterInvalid(
        f"{name} is not a parameter of {section.value}.", pointer=pointer, remedy=remedy
    )
