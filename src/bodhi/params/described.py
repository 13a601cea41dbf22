"""Every parameter as people are told of it: its row, its bounds here, and what it is unset. Pure.

The list of the command line, the control plane and the reference page are made of this.
"""

from dataclasses import dataclass

from bodhi.params.bounds import Bounds, Circumstances, bounds
from bodhi.params.explain import Recipe, Rung, explain
from bodhi.params.merge import Layer
from bodhi.params.parameter import Parameter
from bodhi.params.values import Json


@dataclass(frozen=True, slots=True)
class Described:
    """``default`` is None where the engine decides, by model or by machine."""

    row: Parameter
    bounds: Bounds
    default: Rung

    @property
    def has_default(self) -> bool:
        return self.default.value is not None


def describe(known: Circumstances) -> list[Described]:
    """All of the registry, in its order; an alias that is known bounds, and sets no default."""
    untold = Recipe(
        sampling=known.sampling,
        trained_context=known.trained_context,
        is_embedding_model=known.is_embedding_model,
        cores=known.cores or 1,
    )
    return [
        Described(one.row, bounds(one.row, known), _default(one.row, one.layer, one.value, known))
        for one in explain(untold)
    ]


def _default(row: Parameter, layer: Layer, value: Json, known: Circumstances) -> Rung:
    # Of a machine that is not known, the cores are not known either.
    is_guessed = row.key == "n_threads" and known.cores is None
    return Rung(layer, row.bodhi_default if is_guessed else value)
