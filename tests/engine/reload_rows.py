"""The registry's parameters that an engine is started with, and the values at their edges."""

from bodhi.engine.options import DEADLY
from bodhi.params.parameter import Applies, Kind, Parameter, Section
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json

RELOAD = [
    row
    for row in PARAMETERS.values()
    if row.applies is Applies.RELOAD and row.section is Section.CONTEXT
]


def edge_values(row: Parameter) -> list[Json]:
    """Everything in the registry's range that is at an edge."""
    if row.kind is Kind.BOOLEAN:
        return [True, False]
    if row.kind is Kind.CHOICE:
        return list(row.choices)
    if row.kind is Kind.NUMBERS:
        return [[], [1.0, 2], [0.5] * (row.longest or 1)]
    if row.kind is Kind.TEXT:
        return ["none"]
    assert row.low is not None
    assert row.high is not None
    number = int if row.kind is Kind.INTEGER else float
    deadly = DEADLY.get(row.key, ())
    beside = [number(special.value) for special in row.specials if special.value not in deadly]
    return [number(row.low), number(row.high), *beside, *row.words]
