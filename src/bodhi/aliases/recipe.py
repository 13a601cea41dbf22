"""An alias and its model file as one recipe, ready to be explained. Pure."""

from bodhi.aliases.model import Alias
from bodhi.model_files.model import ModelFile
from bodhi.params.explain import Recipe


def recipe_of(alias: Alias, model: ModelFile | None, cores: int) -> Recipe:
    """What ``params.explain`` is asked about; ``cores`` is what -1 threads means here."""
    facts = model.facts if model else None
    return Recipe(
        context_params=alias.context_params,
        request_params=alias.request_params,
        request_policy=alias.request_policy,
        sampling=facts.sampling if facts else {},
        trained_context=facts.context_length if facts else None,
        is_embedding_model=facts is not None and facts.is_embedding_model,
        is_remote=alias.remote is not None,
        cores=cores,
    )
