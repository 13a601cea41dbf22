"""A recipe for a model file that has none: what is recommended, under a name that is free."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from bodhi.advice.recommend import Recommendation, recommend
from bodhi.aliases.filenames import stem_for
from bodhi.aliases.model import Alias
from bodhi.errors import NameInvalid
from bodhi.model_files.model import ModelFile
from bodhi.params.parameter import Section
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json

_FALLBACK = "model"
# Of how repositories are called, what says only that they hold such files.
_SUFFIX = re.compile(r"[-_.]gguf$", re.IGNORECASE)
_UNSAFE = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """``reasons`` has one recommendation for each value that the alias sets, and no other."""

    alias: Alias
    reasons: tuple[Recommendation, ...]


def propose(model: ModelFile, cores: int, is_free: Callable[[str], bool]) -> Proposal:
    """What ``bodhi advise`` recommends beyond what applies anyway, as an alias.

    ``is_free`` says whether an alias may have a name. Raises ParameterInvalid where the header of
    the model file holds values that no parameter takes.
    """
    name = next(name for name in _names(model) if is_free(name))
    bare = Alias(name=name, repo=model.repo, filename=model.filename)
    reasons = tuple(one for one in recommend(bare, model, cores) if not one.is_followed)
    values = {section: _of_section(reasons, section) for section in Section}
    alias = replace(
        bare,
        context_params=values[Section.CONTEXT],
        request_params=values[Section.REQUEST],
    )
    return Proposal(alias, reasons)


def _of_section(reasons: tuple[Recommendation, ...], section: Section) -> dict[str, Json]:
    return {one.key: one.value for one in reasons if PARAMETERS[one.key].section is section}


def _names(model: ModelFile) -> Iterator[str]:
    """``llama-3.2-1b-instruct:q8_0``, then the same with a number; they never end."""
    repository = _SUFFIX.sub("", model.repo.rpartition("/")[2])
    parts = [_UNSAFE.sub("-", text.lower()) for text in (repository, model.quantization)]
    plain = ":".join(part.strip("-._") or _FALLBACK for part in parts)[:100]
    base = plain if _can_be(plain) else _FALLBACK
    yield base
    yield from (f"{base}-{number}" for number in count(2))


def _can_be(name: str) -> bool:
    try:
        stem_for(name)
    except NameInvalid:
        return False
    return True
