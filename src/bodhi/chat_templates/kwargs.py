"""What a caller may hand to a chat template beside the messages: named values, within limits. Pure.

A name that the renderer itself uses would replace what it stands for, as in CVE-2025-62426; the
names below are those of the transformers documentation, "Chat templates", of llama.cpp, and of
Jinja itself.
"""

from collections.abc import Mapping

import orjson

from bodhi.errors import ParameterInvalid
from bodhi.params.values import Json

MAX_KWARGS_BYTES = 16 * 1024
MAX_KWARGS_DEPTH = 4

RESERVED = frozenset(
    """
    messages conversation conversations tools documents functions
    add_generation_prompt continue_final_message bos_token eos_token unk_token pad_token sep_token
    template chat_template tokenize tokenizer tokenizer_kwargs processor_kwargs padding truncation
    max_length return_tensors return_dict return_assistant_tokens_mask
    raise_exception strftime_now tojson range dict namespace joiner cycler lipsum
    self loop super caller varargs kwargs context environment true false none True False None
    """.split()
)


def check_kwargs(kwargs: Mapping[str, Json], *, pointer: str = "/chat_template_kwargs") -> None:
    """Raises ParameterInvalid for a name that is none or is taken, for depth and for size."""
    for name in kwargs:
        if name in RESERVED:
            raise ParameterInvalid(
                f"{name} is set by the server and cannot be given to a chat template.",
                pointer=f"{pointer}/{name}",
            )
        if not (name.isascii() and name.isidentifier()) or name.startswith("_"):
            raise ParameterInvalid(
                "Names of template options are words of ASCII letters, digits and inner "
                "underscores.",
                pointer=pointer,
            )
    if len(orjson.dumps(dict(kwargs))) > MAX_KWARGS_BYTES:
        raise ParameterInvalid(
            f"Template options may have {MAX_KWARGS_BYTES // 1024} KiB.", pointer=pointer
        )
    level: list[Json] = list(kwargs.values())
    for _ in range(MAX_KWARGS_DEPTH - 1):
        level = [inner for outer in level for inner in _inside(outer)]
    if any(isinstance(value, dict | list) for value in level):
        raise ParameterInvalid(
            f"Template options may be nested {MAX_KWARGS_DEPTH} levels deep.", pointer=pointer
        )


def _inside(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
