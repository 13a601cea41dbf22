"""From a resolution to what the data plane works with: engine specification and request recipe.

A trial enters here with a recipe that is not saved, so that what was tested is what will be
served.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import orjson

from bodhi.aliases.model import Alias
from bodhi.aliases.resolve import Resolution
from bodhi.chat_templates.sources import TemplateChoice
from bodhi.engine.contract import EngineSpec, Remote
from bodhi.engine.load_key import load_key
from bodhi.engine.remote import check_recipe, find_remote, remote_spec
from bodhi.errors import ModelFileUnusable
from bodhi.model_files.memory import estimate_bytes
from bodhi.model_files.model import ModelFile
from bodhi.params.engine_options import EngineOptions, engine_options
from bodhi.params.merge import RequestRecipe, request_recipe

NO_REMOTES: Mapping[str, Remote] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Serving:
    """One recipe, ready to be served. ``name_json`` is the alias's name inside JSON quotes.

    ``template`` is the ``TemplateChoice.label``, for usage figures; None where a server elsewhere
    has a template of its own.
    """

    resolution: Resolution
    spec: EngineSpec
    recipe: RequestRecipe
    name_json: bytes
    template: str | None = None

    @property
    def answers_embeddings(self) -> bool:
        return self.spec.remote is not None or self.spec.options.get("embeddings") is True


def build_serving(
    resolution: Resolution,
    template: TemplateChoice,
    *,
    cores: int,
    remotes: Mapping[str, Remote] = NO_REMOTES,
) -> Serving:
    """Put a resolved recipe together; raises the typed errors of parameters and model."""
    model, alias = resolution.model, resolution.alias
    if model is None:
        return _remote_serving(resolution, find_remote(alias.remote or "", remotes))
    if model.problem is not None:
        raise ModelFileUnusable(
            f"{model.filename} cannot be loaded: {model.problem}", pointer="/model"
        )
    options = _engine_options(alias, model, cores)
    return Serving(
        resolution,
        _engine_spec(model, options, template),
        request_recipe(
            alias.request_params,
            alias.request_policy,
            alias.context_params,
            options.context_per_slot,
            model.facts.sampling if model.facts else None,
        ),
        orjson.dumps(resolution.name)[1:-1],
        template.label,
    )


def _remote_serving(resolution: Resolution, remote: Remote) -> Serving:
    alias = resolution.alias
    check_recipe(remote, alias.context_params, alias.chat_template)
    recipe = request_recipe(alias.request_params, alias.request_policy, alias.context_params, None)
    return Serving(resolution, remote_spec(remote), recipe, orjson.dumps(resolution.name)[1:-1])


def _engine_options(alias: Alias, model: ModelFile, cores: int) -> EngineOptions:
    facts = model.facts
    params = dict(alias.context_params)
    if facts is not None and facts.is_embedding_model:
        # Such a model can do nothing else; nobody should have to say so.
        params.setdefault("embeddings", True)
    trained = facts.context_length if facts else None
    return engine_options(params, trained_context=trained, cores=cores)


def _engine_spec(model: ModelFile, options: EngineOptions, template: TemplateChoice) -> EngineSpec:
    path = _engine_path(model)
    return EngineSpec(
        model_path=path,
        identity=model.identity,
        size_bytes=model.size_bytes,
        options=options.reload,
        template=template.text,
        load_key=load_key(model.identity, options.reload, template.text),
        memory_bytes=estimate_bytes(model, options.reload),
        files=_files(model, path),
    )


def _engine_path(model: ModelFile) -> Path:
    """The place in the snapshot, not the blob behind it: split files find each other by name.

    A link that became a text when it was copied leads an engine nowhere.
    """
    if model.path == model.real_path or model.path.is_symlink():
        return model.path
    return model.real_path


def _files(model: ModelFile, path: Path) -> tuple[tuple[Path, str], ...]:
    paths = model.parts if len(model.parts) > 1 else (path,)
    return tuple(zip(paths, model.part_identities, strict=False))
