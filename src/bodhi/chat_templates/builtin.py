"""The templates that come with Bodhi: what each is for, and its text, read when first asked for.

Each was written for Bodhi and gives character for character what the template published with its
models gives. They trim every line themselves, so they mean the same in any Jinja environment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class BuiltinTemplate:
    """One built-in template.

    ``families`` are the models it was published with, in words. ``special_tokens`` are those it
    spells out, so a model without them in its vocabulary wants another template; the tokens that
    begin and end a sequence are the model's own and not among them.
    """

    id: str
    families: tuple[str, ...]
    special_tokens: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The Jinja text, which uses ``messages``, ``bos_token``, ``eos_token``,
        ``add_generation_prompt`` and ``raise_exception``."""
        return _read(self.id)


@cache
def _read(template_id: str) -> str:
    place = files("bodhi.chat_templates") / "builtin" / f"{template_id}.jinja"
    return place.read_text(encoding="utf-8")


_HEADERS = ("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")

_TEMPLATES = (
    BuiltinTemplate("llama3", ("Llama 3 Instruct",), _HEADERS),
    BuiltinTemplate("llama2", ("Llama 2 Chat",)),
    BuiltinTemplate("llama2-legacy", ("Mixtral 8x7B Instruct v0.1",)),
    BuiltinTemplate("phi3", ("Phi-3 Mini Instruct",), ("<|user|>", "<|assistant|>", "<|end|>")),
    BuiltinTemplate("gemma", ("Gemma Instruct",), ("<start_of_turn>", "<end_of_turn>")),
    BuiltinTemplate("deepseek", ("DeepSeek LLM Chat",)),
    BuiltinTemplate(
        "command-r",
        ("Command R+",),
        (
            "<|START_OF_TURN_TOKEN|>",
            "<|END_OF_TURN_TOKEN|>",
            "<|USER_TOKEN|>",
            "<|CHATBOT_TOKEN|>",
            "<|SYSTEM_TOKEN|>",
        ),
    ),
    BuiltinTemplate("openchat", ("OpenChat 3.6",), _HEADERS),
    BuiltinTemplate("tinyllama", ("TinyLlama Chat v1.0", "Zephyr 7B Beta")),
)

BUILTIN: Mapping[str, BuiltinTemplate] = MappingProxyType({t.id: t for t in _TEMPLATES})
