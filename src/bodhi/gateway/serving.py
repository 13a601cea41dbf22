"""From a resolution to what the data plane works with: engine specification and request recipe.

A trial enters here with a recipe that is not saved, so that what was tested is what will be
served.
"""

from dataclasses import dataclass

import orjson

from bodhi.aliases.resolve import Resolution
from bodhi.chat_templates.sources import TemplateChoice
from bodhi.engine.contract import EngineSpec
from bodhi.engine.load_key import load_key
from bodhi.errors import ModelFileUnusable
from bodhi.model_files.memory import estimate_bytes
from bodhi.params.engine_options import EngineOptions, engine_options
from bodhi.params.merge import RequestRecipe, request_recipe


@dataclass(frozen=True, slots=True)
class Serving:
    """One recipe, ready to be served. ``name_json`` is the alias's name inside JSON quotes."""

    resolution: Resolution
    spec: EngineSpec
    recipe: RequestRecipe
    name_json: bytes

    @property
    def answers_embeddings(self) -> bool:
        return self.spec.options.get("embeddings") is True


def build_serving(
    resolution: Resolution,
    template: TemplateChoice,
    *,
    cores: int,
) -> Serving:
    """Put a resolved recipe together; raises the typed errors of parameters and model."""
    model, alias = resolution.model, resolution.alias
    if model.problem is not None:
        raise ModelFileUnusable(
            f"{model.filename} cannot be loaded: {model.problem}", pointer="/model"
        )
    options = _engine_options(resolution, cores)
    return Serving(
        resolution,
        _engine_spec(resolution, options, template),
        request_recipe(
            alias.request_params,
            alias.request_policy,
            alias.context_params,
            options.context_per_slot,
        ),
        orjson.dumps(resolution.name)[1:-1],
    )


def _engine_options(resolution: Resolution, cores: int) -> EngineOptions:
    facts = resolution.model.facts
    params = dict(resolution.alias.context_params)
    if facts is not None and facts.is_embedding_model:
        # Such a model can do nothing else; nobody should have to say so.
        params.setdefault("embeddings", True)
    trained = facts.context_length if facts else None
    return engine_options(params, trained_context=trained, cores=cores)


def _engine_spec(
    resolution: Resolution, options: EngineOptions, template: TemplateChoice
) -> EngineSpec:
    model = resolution.model
    return EngineSpec(
        # The path in the snapshot, not the blob behind it: split files find each other by name.
        model_path=model.path,
        identity=model.identity,
        size_bytes=model.size_bytes,
        options=options.reload,
        template=template.text,
        load_key=load_key(model.identity, options.reload, template.text),
        memory_bytes=estimate_bytes(model, options.reload),
    )
