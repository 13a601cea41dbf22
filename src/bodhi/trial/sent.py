"""What the control plane is sent about trials: the types of its bodies."""

import secrets
from typing import Annotated, Self

from pydantic import ConfigDict, Field, JsonValue, model_validator

from bodhi.aliases.sent import EditSent, Name, RecipeSent, Sent
from bodhi.aliases.yaml12 import MAX_BYTES
from bodhi.params.values import JsonObject

_MOST_EDITS = 256
_MESSAGES: JsonObject = {"messages": [{"role": "user", "content": "Hello!"}]}

_Edits = Annotated[
    list[EditSent], Field(description="Nothing of it is saved.", max_length=_MOST_EDITS)
]
_Fields = Annotated[
    dict[str, JsonValue],
    Field(description="Further fields as a caller of /v1 would send them: temperature, tools, …"),
]


def _example(example: JsonObject) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class Tried(Sent):
    """Which recipe is tried: an alias or model by name, a draft, a recipe as fields, or an alias
    file's text; with changes laid over it, as they would be saved. Exactly one of the four."""

    alias: Name | None = None
    draft_id: Annotated[
        str | None,
        Field(description="A draft as it is now.", min_length=1, max_length=512),
    ] = None
    recipe: RecipeSent | None = None
    source_text: Annotated[
        str | None, Field(description="A whole alias file in YAML.", max_length=MAX_BYTES)
    ] = None
    edits: _Edits = Field(default_factory=list)

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Self:
        given = (self.alias, self.draft_id, self.recipe, self.source_text)
        if sum(one is not None for one in given) != 1:
            raise ValueError("give one of alias, draft_id, recipe and source_text")
        return self


class _Asked(Sent):
    messages: Annotated[
        list[JsonValue] | None, Field(description="A conversation, for a chat.")
    ] = None
    prompt: Annotated[JsonValue, Field(description="A text, for a completion.")] = None
    request: _Fields = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_chat_or_completion(self) -> Self:
        if (self.messages is None) is (self.prompt is None):
            raise ValueError("give either messages or prompt")
        taken = sorted({"model", "messages", "prompt", "stream"} & self.request.keys())
        if taken:
            raise ValueError(f"request may not hold {taken[0]}")
        return self

    @property
    def body(self) -> JsonObject:
        """What a caller of ``/v1`` would send, but for the name of the model."""
        content: JsonObject = (
            {"prompt": self.prompt} if self.messages is None else {"messages": self.messages}
        )
        options: JsonObject = {"stream_options": {"include_usage": True}, "stream": True}
        return {**options, **self.request, **content}


class TrialSent(Tried, _Asked):
    """One recipe, and what is asked of it."""

    model_config = _example(
        {
            "alias": "llama3:instruct",
            "edits": [{"path": ["request_params", "temperature"], "value": 0.2}],
            **_MESSAGES,
        }
    )


class LanesSent(_Asked):
    """Two to four recipes that are asked the same, at once and with the same seed."""

    model_config = _example(
        {
            "lanes": [
                {"alias": "llama3:instruct"},
                {
                    "alias": "llama3:instruct",
                    "edits": [{"path": ["request_params", "temperature"], "value": 0.2}],
                },
            ],
            "seed": 7,
            **_MESSAGES,
        }
    )

    lanes: Annotated[list[Tried], Field(min_length=2, max_length=4)]
    seed: Annotated[
        int | None, Field(description="Sent with every request; one is drawn where it is null.")
    ] = None

    @model_validator(mode="after")
    def _has_one_seed(self) -> Self:
        if "seed" in self.request:
            raise ValueError("seed stands beside request, not in it")
        return self

    @property
    def body(self) -> JsonObject:
        seed = secrets.randbits(31) if self.seed is None else self.seed
        return {**super().body, "seed": seed}
