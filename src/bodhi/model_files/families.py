"""The family of a model: the word under which people look for it. Pure.

The rule: a family that publishes under another's architecture is told by its name (Mistral and
SmolLM files say ``llama``); every other family is the header's architecture without its version
(``qwen2moe`` -> ``qwen``, ``gemma3`` -> ``gemma``). Where no header can be read, the repository's
name is looked at for the word of an architecture.
"""

import re

from bodhi.model_files.architectures import KNOWN
from bodhi.model_files.model import ModelFacts

_NAMED = ("mistral", "mixtral", "smollm", "yi")
_SHORTEST = 3  # the t of t5 names nothing


def family_of(facts: ModelFacts | None, repo: str) -> str | None:
    """The family, in lower case; None where nothing tells it."""
    words = _words(f"{facts.name or ''} {repo}" if facts else repo)
    for named in _NAMED:
        if named in words:
            return named
    if facts is not None:
        return _without_version(facts.architecture) or None
    return next((word for word in words if word in _BY_ARCHITECTURE), None)


def _words(text: str) -> list[str]:
    """Runs of letters: ``Mistral-7B-v0.3`` -> mistral, b, v."""
    return re.findall(r"[a-z]+", text.lower())


def _without_version(architecture: str) -> str:
    """``deepseek2-ocr`` -> deepseek, ``jina-bert-v2`` -> jina-bert; ``t5`` stays."""
    base = re.split(r"[-_]v?\d|\d", architecture, maxsplit=1)[0]
    return base if len(base) >= _SHORTEST else architecture


_BY_ARCHITECTURE = frozenset(map(_without_version, KNOWN))
