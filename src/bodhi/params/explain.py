"""Which value every parameter has, which layer gives it, and what lost. Pure.

The ladder is that of ``merge``, for a caller who says nothing or for one request, and that of
``engine_options`` for what an engine is started with.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from bodhi.params.engine_options import engine_options
from bodhi.params.merge import Layer, RequestRecipe, request_recipe, union
from bodhi.params.parameter import Applies, Parameter, Section
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json


@dataclass(frozen=True, slots=True)
class Rung:
    """What one layer says. The value of a request is None where it is withheld: see ``Asked``."""

    layer: Layer
    value: Json


@dataclass(frozen=True, slots=True)
class Explained:
    """One parameter. ``ladder`` is highest first: the first rung wins, the others lost.

    Without a rung the engine decides, by model or by machine.
    """

    row: Parameter
    ladder: tuple[Rung, ...]

    @property
    def value(self) -> Json:
        return self.ladder[0].value if self.ladder else None

    @property
    def layer(self) -> Layer:
        return self.ladder[0].layer if self.ladder else Layer.ENGINE

    @property
    def is_withheld(self) -> bool:
        """Whether the caller's own value wins and is not shown."""
        return bool(self.ladder) and self.ladder[0] == Rung(Layer.REQUEST, None)

    @property
    def is_overruled(self) -> bool:
        """Whether the caller gets something else than asked for, or than nothing would give."""
        asked = [rung.value for rung in self.ladder if rung.layer is Layer.REQUEST]
        if asked:
            return self.value != asked[0]
        return any(rung.layer in (Layer.ENFORCED, Layer.CLAMPED) for rung in self.ladder)


class Asked(NamedTuple):  # because making one is on every request's way
    """What one request said: registry key -> checked value, as ``merge.read_body`` gives it.

    None is a value that is withheld, because it may be part of a prompt. A system message of the
    caller's takes the place of a default system prompt.
    """

    params: Mapping[str, Json] = MappingProxyType({})
    has_system_message: bool = False


NOTHING = Asked()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What is explained: an alias's sections, and what model and machine add.

    ``sampling`` is the model file's ``general.sampling.*``; ``cores`` what -1 threads means here.
    An embedding model answers embeddings without being told. A remote starts no engine of ours:
    its context and whatever else it was started with are not known.
    """

    context_params: Mapping[str, Json] = field(default_factory=dict)
    request_params: Mapping[str, Json] = field(default_factory=dict)
    request_policy: Mapping[str, Json] = field(default_factory=dict)
    sampling: Mapping[str, Json] = field(default_factory=dict)
    trained_context: int | None = None
    is_embedding_model: bool = False
    is_remote: bool = False
    cores: int = 1


def explain(
    recipe: Recipe, asked: Asked = NOTHING, keys: Collection[str] = PARAMETERS
) -> list[Explained]:
    """Those of ``keys``, in the registry's order. Raises ParameterInvalid as serving would."""
    given = recipe.context_params
    trained, cores = recipe.trained_context, recipe.cores
    started = engine_options(given, trained_context=trained, cores=cores)
    untold = engine_options({}, trained_context=trained, cores=cores)
    request = request_recipe(
        recipe.request_params,
        recipe.request_policy,
        given,
        None if recipe.is_remote else started.context_per_slot,
        recipe.sampling,
    )
    explained = [
        Explained(
            row,
            tuple(
                _request_ladder(row, request, asked)
                if row.section is Section.REQUEST
                else _context_ladder(row, recipe, asked, (started.reload, untold.reload))
            ),
        )
        for row in PARAMETERS.values()
        if row.key in keys
    ]
    return _for_remote(explained) if recipe.is_remote else explained


def _for_remote(explained: list[Explained]) -> list[Explained]:
    """What is said here; somebody else started that engine, and its defaults are not known."""
    return [
        Explained(one.row, tuple(rung for rung in one.ladder if rung.layer is not Layer.ENGINE))
        for one in explained
        if one.row.applies is not Applies.RELOAD
    ]


def _context_ladder(
    row: Parameter,
    recipe: Recipe,
    asked: Asked,
    options: tuple[Mapping[str, Json], Mapping[str, Json]],
) -> list[Rung]:
    """``options`` are what the engine gets, and what it would get from an empty alias."""
    given, (started, untold), ladder = recipe.context_params, options, []
    if row.key in asked.params:
        ladder.append(Rung(Layer.REQUEST, asked.params[row.key]))
    if row.key in given:
        ladder.append(Rung(Layer.ALIAS, started.get(row.key, given[row.key])))
    if row.key == "embeddings" and recipe.is_embedding_model:
        ladder.append(Rung(Layer.MODEL, True))
    if row.applies is Applies.RELOAD and row.key in untold:
        ladder.append(Rung(Layer.BODHI, untold[row.key]))
    return ladder + _engine(row)


def _request_ladder(row: Parameter, request: RequestRecipe, asked: Asked) -> list[Rung]:
    ladder = []
    if row.key in request.enforced:
        enforced = request.enforced[row.key]
        value = union(enforced, asked.params.get(row.key)) if row.key == "stop" else enforced
        ladder.append(Rung(Layer.ENFORCED, value))
    if row.key == "system_prompt" and asked.has_system_message:
        if ladder or row.key in request.defaults:
            ladder.append(Rung(Layer.REQUEST, None))
    elif row.key in asked.params:
        ladder.append(Rung(Layer.REQUEST, asked.params[row.key]))
    if row.key in request.defaults:
        ladder.append(Rung(Layer.ALIAS, request.defaults[row.key]))
    if row.key in request.unset:
        ladder.append(Rung(Layer.MODEL, request.unset[row.key]))
    if row.key == "max_tokens" and request.context is not None:
        ladder.append(Rung(Layer.BODHI, request.context))
    ladder = _clamped(row, ladder + _engine(row), request)
    if row.key == "max_tokens" and request.context is not None:
        return _bounded(ladder, request.context)
    return ladder


def _clamped(row: Parameter, ladder: list[Rung], request: RequestRecipe) -> list[Rung]:
    """With a rung on top where the clamp moves what would win without it."""
    bounds = request.clamps.get(row.key)
    # Without any rung, an answer of a remote is bounded by nothing: see ``merge``.
    unsaid = math.inf if row.key == "max_tokens" else None
    value = ladder[0].value if ladder else unsaid
    if bounds is None or isinstance(value, bool) or not isinstance(value, int | float):
        return ladder
    held = min(max(value, bounds[0]), bounds[1])
    is_told = request.context is None and ladder[:1] == _engine(row)  # and so is its default
    return [Rung(Layer.CLAMPED, held), *ladder] if is_told or held != value else ladder


def _bounded(ladder: list[Rung], context: int) -> list[Rung]:
    """No answer is longer than the context, whatever wins."""
    value = ladder[0].value
    if isinstance(value, int) and 0 < value <= context:
        return ladder
    return [Rung(Layer.BODHI, context), *(r for r in ladder if r.layer is not Layer.BODHI)]


def _engine(row: Parameter) -> list[Rung]:
    return [] if row.engine_default is None else [Rung(Layer.ENGINE, row.engine_default)]
