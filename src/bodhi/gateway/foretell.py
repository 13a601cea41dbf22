"""What one recipe would take of the memory, before it is served: by header or by dry run.

Enters where a request does, behind the resolution, so that what is foretold is what is started.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bodhi.aliases.resolve import Resolution
from bodhi.chat_templates.sources import TemplateChoice
from bodhi.engine.contract import EngineSpec
from bodhi.engine.dry_run import Foreseen
from bodhi.errors import InvalidInput
from bodhi.gateway.serving import build_serving
from bodhi.model_files.fit import Fit, Room
from bodhi.model_files.memory import Part, memory_plan
from bodhi.model_files.model import ModelFile
from bodhi.params.values import Json


@dataclass(frozen=True, slots=True)
class Foretold:
    """In bytes. ``exact``: weights and cache are known. ``is_measured``: the engine said all."""

    context: int
    weights: int
    kv_cache: int
    compute: int
    parts: tuple[Part, ...]
    exact: bool
    is_measured: bool
    fit: Fit

    @property
    def words(self) -> str:
        """Such as ``fits · needs 5.1 of 23.4 GiB, with a context of 8,192 tokens``."""
        about = "" if self.is_measured else ", estimated from the header"
        return f"{self.fit.words}, with a context of {self.context:,} tokens{about}"


def engine_spec_of(
    found: Resolution, cores: int, context_params: Mapping[str, Json] | None = None
) -> tuple[EngineSpec, ModelFile]:
    """What would be started for ``found``, with other context parameters laid over its own.

    Raises InvalidInput for a remote, ModelFileUnusable, ParameterInvalid.
    """
    if found.model is None:
        raise InvalidInput(
            "A server elsewhere answers for this name; it takes no memory here.", pointer="/model"
        )
    merged = {**found.alias.context_params, **(context_params or {})}
    wanted = replace(found, alias=replace(found.alias, context_params=merged))
    # The template has no part in it, and one that is missing is another question.
    return build_serving(wanted, TemplateChoice(None, "embedded"), cores=cores).spec, found.model


def from_header(spec: EngineSpec, model: ModelFile, free_memory: Callable[[], int]) -> Foretold:
    """In microseconds; all of it is taken to be in the machine's own memory."""
    plan = memory_plan(model, spec.options)
    return Foretold(
        _context(spec),
        plan.weights,
        plan.kv_cache,
        plan.compute,
        plan.parts,
        plan.exact,
        False,
        Fit((Room(None, plan.total, free_memory()),)),
    )


def from_engine(spec: EngineSpec, foreseen: Foreseen, free_memory: Callable[[], int]) -> Foretold:
    """As the dry run has it, each device apart."""
    rooms = tuple(
        Room(share.device, share.total, free_memory() if share.free is None else share.free)
        for share in foreseen.shares
    )
    parts = (
        Part("weights", foreseen.weights, "as the engine says"),
        Part("kv_cache", foreseen.context, "as the engine says"),
        Part("compute", foreseen.compute, "as the engine says"),
    )
    sizes = (foreseen.weights, foreseen.context, foreseen.compute)
    return Foretold(_context(spec), *sizes, parts, True, True, Fit(rooms))


def _context(spec: EngineSpec) -> int:
    tokens = spec.options.get("n_ctx")
    return tokens if isinstance(tokens, int) else 0
