"""From an alias's context parameters to what an engine is started with. Pure.

Bodhi defaults are filled in here, and values that say the same as nothing are left out, so that
two aliases which mean the same engine get the same load key.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bodhi.errors import ParameterInvalid
from bodhi.params.parameter import Applies
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json


def _whole(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


# What an alias without n_ctx gets at most, and what a slot must have.
DEFAULT_CONTEXT = _whole(PARAMETERS["n_ctx"].bodhi_default, 0)
SMALLEST_CONTEXT = int(PARAMETERS["n_ctx"].low or 0)
_BODHI_DEFAULTS: Mapping[str, Json] = {
    key: row.bodhi_default
    for key, row in PARAMETERS.items()
    if row.applies is Applies.RELOAD and row.bodhi_default is not None
}


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """``reload``: what the engine is started with. ``context_per_slot``: tokens one request has."""

    reload: Mapping[str, Json]
    context_per_slot: int


def engine_options(
    context_params: Mapping[str, Json], *, trained_context: int | None, cores: int
) -> EngineOptions:
    """Normalise checked ``context_params`` for a model trained on ``trained_context`` tokens.

    ``cores`` is what -1 threads means here. Raises ParameterInvalid where the context leaves a
    slot with fewer tokens than the engine bears.
    """
    given = {k: v for k, v in context_params.items() if PARAMETERS[k].applies is Applies.RELOAD}
    slots = _whole(given.get("n_parallel"), _whole(PARAMETERS["n_parallel"].bodhi_default, 1))
    context = _context_size(given.get("n_ctx"), trained_context)
    reload: dict[str, Json] = {
        key: value for key, value in given.items() if value != PARAMETERS[key].engine_default
    }
    for key, default in _BODHI_DEFAULTS.items():
        reload.setdefault(key, default)
    threads = _whole(given.get("n_threads"), -1)
    reload["n_ctx"] = context
    reload["n_threads"] = threads if threads > 0 else cores
    if _whole(given.get("n_threads_batch"), -1) in (-1, 0, reload["n_threads"]):
        reload.pop("n_threads_batch", None)
    return EngineOptions(reload, _per_slot(context, slots, trained_context, given))


def _context_size(asked: Json, trained: int | None) -> int:
    size = _whole(asked, -1)
    if size > 0:
        return size
    if size == 0:
        return trained or DEFAULT_CONTEXT
    return min(trained or DEFAULT_CONTEXT, DEFAULT_CONTEXT)


def _per_slot(context: int, slots: int, trained: int | None, given: Mapping[str, Json]) -> int:
    """The engine divides the context among slots unless told to share it."""
    share = context if given.get("kv_unified") is True else context // slots
    if share < SMALLEST_CONTEXT:
        raise ParameterInvalid(
            f"n_ctx {context} leaves {share} tokens for each of {slots} slots;"
            f" at least {SMALLEST_CONTEXT} are needed.",
            pointer="/context_params/n_ctx",
            remedy="Raise n_ctx or lower n_parallel.",
        )
    return min(share, trained) if trained else share
