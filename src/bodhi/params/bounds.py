"""How far a parameter's value may go, and how far it makes sense, each end with its reason. Pure.

The ends of a row's own range are limits: whatever is known, a value beyond them is refused. What
model, machine and the rest of the alias say is nearer and softer: beyond it a value is taken, but
rarely meant.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bodhi.errors import ParameterInvalid
from bodhi.params.engine_options import SMALLEST_CONTEXT, engine_options
from bodhi.params.parameter import Kind, Parameter
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known beside the registry; whatever is None bounds nothing.

    ``trained_context`` in tokens, ``layers``, ``sampling`` (its ``general.sampling.*``) and
    ``is_embedding_model`` are the model's, ``cores`` the machine's. ``context_params`` are the
    alias's own, checked. ``unsupported`` says, by key, why the engine in use takes a parameter not
    at all.
    """

    trained_context: int | None = None
    layers: int | None = None
    sampling: Mapping[str, Json] = field(default_factory=dict)
    is_embedding_model: bool = False
    cores: int | None = None
    context_params: Mapping[str, Json] = field(default_factory=dict)
    unsupported: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bound:
    """One end. ``is_limit``: a value beyond it is refused."""

    value: float
    reason: str
    is_limit: bool = False

    def __str__(self) -> str:
        return f"{self.value:,.10g}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Both ends of a number; ``unsupported`` says why there is nothing to choose."""

    low: Bound | None
    high: Bound | None
    unsupported: str | None


def bounds(row: Parameter, known: Circumstances) -> Bounds:
    """The bounds of ``row`` in these circumstances: of several ends the nearest."""
    if row.kind not in (Kind.INTEGER, Kind.NUMBER, Kind.NUMBERS):
        return Bounds(None, None, known.unsupported.get(row.key))
    low = None if row.low is None else Bound(row.low, "the lowest that is taken", True)
    high = None if row.high is None else Bound(row.high, "the highest that is taken", True)
    nearer = _NEARER.get(row.key, _nothing)(known)
    if nearer and high and (low is None or low.value <= nearer.value) and nearer.value < high.value:
        high = nearer
    return Bounds(low, high, known.unsupported.get(row.key))


def _nothing(_: Circumstances) -> Bound | None:
    return None


def _trained(known: Circumstances) -> Bound | None:
    return Bound(known.trained_context, "trained context") if known.trained_context else None


def _slots(known: Circumstances) -> Bound | None:
    context = _context(known, slots=1)
    if context is None:
        return None
    return Bound(context // SMALLEST_CONTEXT, f"slots of {SMALLEST_CONTEXT} tokens in the context")


def _per_slot(known: Circumstances) -> Bound | None:
    context = _context(known)
    return None if context is None else Bound(context, "context size of one request")


def _context(known: Circumstances, slots: int | None = None) -> int | None:
    """Tokens of one request, or of all where there is one slot; None where nothing says so."""
    given = dict(known.context_params)
    if slots is not None:
        given["n_parallel"] = slots
    if known.trained_context is None and not given.get("n_ctx"):
        return None
    try:
        options = engine_options(given, trained_context=known.trained_context, cores=1)
    except ParameterInvalid:
        return None
    return options.context_per_slot


def _cores(known: Circumstances) -> Bound | None:
    return Bound(known.cores, "cores of this machine") if known.cores else None


def _layers(known: Circumstances) -> Bound | None:
    return Bound(known.layers, "layers of the model") if known.layers else None


def _layers_and_output(known: Circumstances) -> Bound | None:
    return Bound(known.layers + 1, "layers of the model, and its output") if known.layers else None


def _batch(known: Circumstances) -> Bound | None:
    row = PARAMETERS["batch_size"]
    batch = known.context_params.get(row.key, row.engine_default)
    return Bound(batch, row.label.lower()) if isinstance(batch, int) else None


_NEARER: Mapping[str, Callable[[Circumstances], Bound | None]] = {
    "n_ctx": _trained,
    "n_parallel": _slots,
    "n_threads": _cores,
    "n_threads_batch": _cores,
    "gpu_layers": _layers_and_output,
    "n_cpu_moe": _layers,
    "ubatch_size": _batch,
    **dict.fromkeys(("max_tokens", "n_predict", "n_keep", "cache_reuse"), _per_slot),
    **dict.fromkeys(("repeat_last_n", "dry_penalty_last_n", "dry_allowed_length"), _per_slot),
}
