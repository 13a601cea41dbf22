"""What is known of a name for the bounds of parameters: its model, its own context, the machine."""

from collections.abc import Mapping

from bodhi.aliases.resolve import Aliases, resolve
from bodhi.model_files.index import Catalogue
from bodhi.params.bounds import Circumstances


def circumstances_of(
    name: str | None,
    aliases: Aliases,
    catalogue: Catalogue,
    *,
    cores: int,
    unsupported: Mapping[str, str],
) -> Circumstances:
    """Of the machine alone for None; raises what a request for ``name`` would."""
    if name is None:
        return Circumstances(cores=cores, unsupported=unsupported)
    found = resolve(name, aliases, catalogue)
    facts = found.model.facts if found.model else None
    if facts is None:
        return Circumstances(
            cores=cores, unsupported=unsupported, context_params=found.alias.context_params
        )
    return Circumstances(
        trained_context=facts.context_length,
        layers=facts.layers,
        sampling=facts.sampling,
        is_embedding_model=facts.is_embedding_model,
        cores=cores,
        context_params=found.alias.context_params,
        unsupported=unsupported,
    )
