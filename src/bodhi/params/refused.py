"""Names known from llama.cpp that no alias can set, each with what to do instead. Pure.

Files other than the model are not taken, because a path in an alias could name any file of the
machine; what belongs to the server is not an alias's to say.
"""

from types import MappingProxyType

from bodhi.errors import ParameterInvalid

_ADAPTER = (
    "engines are started without LoRA adapters.",
    "Merge the adapter into a model file, and use that.",
)
_PROJECTOR = ("aliases read text only, so they take no projector.", "Remove it.")
_TEMPLATE = (
    "the chat template is a field of the alias itself.",
    "Write chat_template beside repo and filename.",
)
_MODEL = ("the model is a field of the alias itself.", "Write repo and filename.")
_SERVER = (
    "where engines listen, and who may ask them, is Bodhi's own to say.",
    "bodhi settings shows host, port and keys of the server.",
)
_DRAFT = ("engines are started without a draft model.", "Remove it.")
_GONE = (
    "llama.cpp has it no longer, and without a draft model it did nothing.",
    "Remove it; from a list of flags, bodhi aliases lint --fix does.",
)

# Now --spec-draft-*, of a draft model, which no alias has.
GONE = frozenset({
    "draft", "draft_n", "draft_max", "draft_min", "draft_n_min", "draft_p_min", "draft_p_split",
    "spec_draft_n_max", "spec_draft_n_min", "spec_draft_p_min",
})  # fmt: skip

# Spelling -> what is the case, and what to do.
REFUSED = MappingProxyType(
    dict.fromkeys(("lora", "lora_scaled"), _ADAPTER)
    | dict.fromkeys(("mmproj", "mm", "mmproj_url"), _PROJECTOR)
    | dict.fromkeys(("chat_template", "chat_template_file", "jinja", "no_jinja"), _TEMPLATE)
    | dict.fromkeys(("model", "m", "hf_repo", "hf_file", "model_url"), _MODEL)
    | dict.fromkeys(("host", "port", "api_key", "api_key_file"), _SERVER)
    | dict.fromkeys(("model_draft", "md", "spec_draft_model"), _DRAFT)
    | dict.fromkeys(GONE, _GONE)
)


def refuse_known(spelling: str, name: str, pointer: str) -> None:
    """Raises ParameterInvalid if ``spelling``, written as ``name``, is one of these."""
    if hit := REFUSED.get(spelling):
        fact, remedy = hit
        raise ParameterInvalid(f"{name} cannot be set: {fact}", pointer=pointer, remedy=remedy)
