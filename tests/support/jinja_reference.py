"""Renders a chat template as Hugging Face's transformers does: the reference for every prompt.

The conventions are those of the transformers documentation, "Chat templates": a sandbox with
``trim_blocks`` and ``lstrip_blocks``, loop controls, ``raise_exception`` and a ``tojson`` that
escapes neither HTML nor non-ASCII letters.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NoReturn

from jinja2 import Template
from jinja2.exceptions import TemplateError
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

Message = Mapping[str, object]


def _raise_exception(message: str) -> NoReturn:
    raise TemplateError(message)


def _tojson(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


_ENVIRONMENT = ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols]
)
_ENVIRONMENT.globals["raise_exception"] = _raise_exception
_ENVIRONMENT.filters["tojson"] = _tojson


@lru_cache(maxsize=128)
def _compiled(template: str) -> Template:
    return _ENVIRONMENT.from_string(template)


def render(
    template: str,
    messages: Sequence[Message],
    *,
    bos_token: str,
    eos_token: str,
    add_generation_prompt: bool = True,
) -> str:
    """The prompt. Raises what the template raises: ``TemplateError``, or a ``TypeError``."""
    return _compiled(template).render(
        messages=messages,
        bos_token=bos_token,
        eos_token=eos_token,
        add_generation_prompt=add_generation_prompt,
    )


def outcome(
    template: str,
    messages: Sequence[Message],
    *,
    bos_token: str,
    eos_token: str,
    add_generation_prompt: bool = True,
) -> tuple[str, str]:
    """``("prompt", text)`` or ``("error", its message)``, so that both can be compared."""
    try:
        text = render(
            template,
            messages,
            bos_token=bos_token,
            eos_token=eos_token,
            add_generation_prompt=add_generation_prompt,
        )
    except (TemplateError, TypeError) as problem:
        return "error", str(problem)
    return "prompt", text
