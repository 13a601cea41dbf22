"""What another build of llama-server would make of an alias: what the next one would break."""

from collections.abc import Iterator

from bodhi.aliases.model import Alias
from bodhi.engine.flags import option_flags
from bodhi.engine.help_text import Build
from bodhi.errors import BodhiError
from bodhi.model_files.model import ModelFile
from bodhi.params.engine_options import engine_options
from bodhi.params.findings import Finding
from bodhi.params.rules.rule import Severity


def broken_by(build: Build, alias: Alias, model: ModelFile | None, cores: int) -> Iterator[Finding]:
    """The parameters of ``alias`` that ``build`` does not take, one by one."""
    trained = model.facts.context_length if model and model.facts else None
    options = engine_options(alias.context_params, trained_context=trained, cores=cores).reload
    for key, value in options.items():
        try:
            option_flags({key: value}, build)
        except BodhiError as error:
            message = f"{error.message} {error.remedy or ''}".rstrip()
            yield Finding("build", Severity.ERROR, message, (key,))
