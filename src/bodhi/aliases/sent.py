"""What the control plane is sent about aliases: the types of its bodies.

A field that is not named here is refused, never dropped.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator

from bodhi.aliases.model import Alias
from bodhi.aliases.preset import KEY, NAME
from bodhi.aliases.yaml12 import MAX_BYTES
from bodhi.params.values import Json, JsonObject

_RECIPE: JsonObject = {
    "name": "llama3:instruct",
    "repo": "bartowski/Llama-3.2-1B-Instruct-GGUF",
    "filename": "Llama-3.2-1B-Instruct-Q8_0.gguf",
    "chat_template": "llama3",
    "context_params": {"n_ctx": 4096},
    "request_params": {"temperature": 0.7},
    "request_policy": {"temperature": "enforce"},
}
_MOST_EDITS = 256

Name = Annotated[
    str,
    Field(
        description="What requests say as model.",
        min_length=1,
        max_length=512,
        examples=["llama3:instruct"],
    ),
]
_Text = Annotated[str, Field(min_length=1, max_length=512)]
_Values = Annotated[
    dict[str, JsonValue], Field(description="Parameter -> value, under any of its names.")
]


def example(example: JsonObject) -> ConfigDict:
    """The configuration of a model with this example."""
    return ConfigDict(json_schema_extra={"examples": [example]})


class Sent(BaseModel):
    """A body. Fields that mean nothing are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RecipeSent(Sent):
    """A recipe as fields. What is left out, or null, is not set."""

    model_config = example(_RECIPE)

    name: Name
    repo: _Text
    filename: _Text
    snapshot: _Text | None = None
    chat_template: Annotated[str, Field(min_length=1, max_length=MAX_BYTES)] | None = None
    context_params: _Values = {}
    request_params: _Values = {}
    request_policy: Annotated[
        dict[str, JsonValue],
        Field(description='Request parameter -> "enforce" or {"clamp": [low, high]}.'),
    ] = {}
    description: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    tags: Annotated[tuple[_Text, ...], Field(max_length=32, examples=[["work", "code"]])] = ()
    preset: Annotated[
        str | None,
        Field(
            description="The preset that its values were taken from; changes no answer. Left out,"
            " a file that names one goes on naming it.",
            pattern=f"^{NAME}$",
            examples=["coding"],
        ),
    ] = None

    def to_alias(self) -> Alias:
        """The same, not checked yet."""
        fields = {key: getattr(self, key) for key in type(self).model_fields.keys() - {KEY}}
        return Alias(**fields, extra={} if self.preset is None else {KEY: self.preset})


class SourceSent(Sent):
    """An alias: its recipe as fields, or the text of its file. Exactly one of them."""

    model_config = example({"recipe": _RECIPE})

    recipe: RecipeSent | None = None
    source_text: Annotated[
        str | None, Field(description="A whole alias file in YAML.", max_length=MAX_BYTES)
    ] = None

    @model_validator(mode="after")
    def _is_one_of_them(self) -> "SourceSent":
        if (self.recipe is None) is (self.source_text is None):
            raise ValueError("give either recipe or source_text")
        return self

    @property
    def source(self) -> Alias | str:
        """The recipe, or the text."""
        return self.source_text or "" if self.recipe is None else self.recipe.to_alias()


class EditSent(Sent):
    """One change of an alias."""

    path: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=512)]],
        Field(min_length=1, max_length=8, examples=[["request_params", "temperature"]]),
    ]
    value: Annotated[JsonValue, Field(description="null removes what stands there.")]


def _each_place_once(edits: list[EditSent]) -> list[EditSent]:
    paths = sorted(tuple(edit.path) for edit in edits)
    if any(after[: len(one)] == one for one, after in pairwise(paths)):
        raise ValueError("a path is there twice, or lies inside another")
    return edits


Edits = Annotated[list[EditSent], Field(max_length=_MOST_EDITS), AfterValidator(_each_place_once)]


class EditsSent(Sent):
    """Changes of one alias, made together or not at all. What is not named stays as it is."""

    model_config = example({"edits": [{"path": ["request_params", "temperature"], "value": 0.7}]})

    edits: Annotated[Edits, Field(min_length=1)]


class NewNameSent(Sent):
    """Another name for an alias."""

    model_config = example({"name": "llama3:chat"})

    name: Name


class CloneSent(NewNameSent):
    """The name of the copy, and what is to be different in it."""

    edits: Edits = []


def by_path(edits: Iterable[EditSent]) -> dict[tuple[str | int, ...], Json]:
    """Path -> value."""
    return {tuple(edit.path): edit.value for edit in edits}


class ListQuery(Sent):
    """What a list is to hold, and in which order."""

    query: str | None = Field(
        None,
        alias="q",
        description="Words, `field:value`, `parameter>number`, `used<7d`, `pinned`; `-` turns a "
        "term round. A term that means nothing is refused.",
        max_length=1000,
        examples=["temp>0.7 ctx>=8k family:llama -source:model"],
    )
    sort: str | None = Field(
        None,
        description="Columns or parameters, `-` for downwards; what has no value comes last.",
        max_length=512,
        examples=["family,-size"],
    )
    group: str | None = Field(None, description="A field to group by.", examples=["family"])
    facets: str | None = Field(
        None, description="Fields whose values are counted.", examples=["source,state,tag"]
    )
    cursor: str | None = Field(None, description="next_cursor of the last page.", max_length=8192)
    limit: int | None = Field(
        None, description="How many on a page; all without it.", ge=1, le=1000
    )


class ValidateSent(SourceSent):
    """What is to be looked at."""

    id: Annotated[
        str | None,
        Field(
            description="The alias whose next content it would be.", min_length=1, max_length=512
        ),
    ] = None
