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

# Spelling -> what is the case, and what to do.
REFUSED = MappingProxyType(
    dict.fromkeys(("lora", "lora_scaled"), _ADAPTER)
    | dict.fromkeys(("mmproj", "mm", "mmproj_url"), _PROJECTOR)
    | dict.fromkeys(("chat_template", "chat_template_file", "jinja", "no_jinja"), _TEMPLATE)
    | dict.fromkeys(("model", "m", "hf_repo", "hf_file", "model_url"), _MODEL)
    | dict.fromkeys(("host", "port", "api_key", "api_key_file"), _SERVER)
    | dict.fromkeys(("model_draft", "md", "spec_draft_model"), _DRAFT)
)


def refuse_known(spelling: str, name: str, pointer: str) -> None:
    """Raises ParameterInvalid if ``spelling``, written as ``name``, is one of these."""
    if hit := REFUSED.get(spelling):
        fact, remedy = hit
        raise ParameterInvalid(f"{name} cannot be set: {fact}", pointer=pointer, remedy=remedy)
