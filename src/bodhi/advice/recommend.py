"""What is recommended for an alias, by whom, and what it has now.

The first of the sources that speaks of a parameter is taken: the model file's author, then the
``generation_config.json`` beside it, then what the makers of its family published, then what this
machine is. Nothing is applied: a recommendation is shown with its source.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import orjson

from bodhi.advice.published import published_for
from bodhi.aliases.folder import read_contents
from bodhi.aliases.model import Alias
from bodhi.aliases.recipe import recipe_of
from bodhi.errors import ParameterInvalid
from bodhi.model_files.model import ModelFile
from bodhi.params.check import check_value
from bodhi.params.explain import Explained, explain
from bodhi.params.merge import Layer, by_key
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json

_CONFIG = "generation_config.json"
# Its names, where ours are others. Those that are no parameter here are left out.
_CONFIG_KEYS = {"repetition_penalty": "repeat_penalty"}
_SAMPLERS = ("temperature", "top_p", "top_k", "min_p", "typical_p", "repeat_penalty")


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One value, and who says so; ``now`` and ``layer`` are what applies without it."""

    key: str
    value: Json
    source: str
    now: Json
    layer: Layer

    @property
    def is_followed(self) -> bool:
        """Whether it applies already."""
        return self.value == self.now


def recommend(alias: Alias, model: ModelFile, cores: int) -> list[Recommendation]:
    """In the registry's order. Raises ParameterInvalid for an alias that would not serve."""
    wanted: dict[str, tuple[Json, str]] = {}
    for source, values in _sources(model, alias, cores):
        for key, value in _checked(values):
            wanted.setdefault(key, (value, source))
    told = explain(recipe_of(alias, model, cores), keys=wanted)
    return [_recommendation(one, *wanted[one.row.key]) for one in told]


def _recommendation(one: Explained, value: Json, source: str) -> Recommendation:
    return Recommendation(one.row.key, value, source, one.value, one.layer)


def _sources(
    model: ModelFile, alias: Alias, cores: int
) -> Iterator[tuple[str, Mapping[str, Json]]]:
    facts = model.facts
    if facts is not None and facts.is_embedding_model:
        return
    if facts is not None and facts.sampling:
        yield "the model file's author", by_key(facts.sampling)
    if config := _generation_config(model.path.parent):
        yield f"{_CONFIG} beside the model file", config
    names = f"{facts.name if facts else ''} {model.repo} {model.filename}"
    if published := published_for(names):
        yield published.source, published.values
    yield from _of_machine(alias, cores)


def _of_machine(alias: Alias, cores: int) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Only where an alias has its own idea of this machine."""
    threads = alias.context_params.get("n_threads")
    if isinstance(threads, int) and threads > 0:
        yield f"this machine has {cores} cores", {"n_threads": cores}
    batch = alias.context_params.get("batch_size")
    if isinstance(batch, int) and batch < _full_batch():
        yield "llama.cpp's own batch size", {"batch_size": _full_batch()}


def _full_batch() -> int:
    value = PARAMETERS["batch_size"].engine_default
    assert isinstance(value, int)  # noqa: S101 - a row of ours
    return value


def _generation_config(folder: Path) -> dict[str, Json]:
    """The samplers of a configuration for transformers; empty where there is none."""
    with suppress(OSError, ValueError):
        data, _ = read_contents(folder / _CONFIG)
        config = orjson.loads(data)
        if isinstance(config, dict) and config.get("do_sample") is not False:
            named = {_CONFIG_KEYS.get(name, name): value for name, value in config.items()}
            return {key: named[key] for key in _SAMPLERS if named.get(key) is not None}
    return {}


def _checked(values: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Strangers' values, where they are ones that a parameter takes."""
    for key, value in values.items():
        if key in PARAMETERS:
            with suppress(ParameterInvalid):
                yield key, check_value(PARAMETERS[key], value, f"/{key}")
