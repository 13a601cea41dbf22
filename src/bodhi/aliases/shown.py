"""What the control plane shows of aliases: the types of its answers, as the schema names them."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bodhi.aliases.model import AliasSource
from bodhi.aliases.state import State
from bodhi.chat_templates.sources import Origin
from bodhi.model_files.shown import ModelShown
from bodhi.params.merge import Layer
from bodhi.params.parameter import Applies, Section
from bodhi.params.rules.rule import Severity
from bodhi.params.values import JsonObject

PresetSaid: TypeAlias = Annotated[
    str | None,
    Field(
        description="The name of the preset that it was made from; its values may have been"
        " changed since, and the preset itself be gone.",
        examples=["coding"],
    ),
]
_ITEM: JsonObject = {
    "id": "llama3--instruct",
    "name": "llama3:instruct",
    "source": "user",
    "repo": "bartowski/Llama-3.2-1B-Instruct-GGUF",
    "filename": "Llama-3.2-1B-Instruct-Q8_0.gguf",
    "snapshot": None,
    "quantization": "Q8_0",
    "family": "llama",
    "size_label": "1B",
    "size_bytes": 1321082528,
    "chat_template": {"origin": "builtin", "name": "llama3"},
    "set": [
        {
            "key": "temperature",
            "value": 0.7,
            "section": "request_params",
            "mode": "enforce",
            "bounds": None,
            "cut": False,
        }
    ],
    "description": "Short answers about our own code.",
    "tags": ["work"],
    "pinned": False,
    "draft": None,
    "state": "published",
    "error": None,
    "findings": [],
    "uid": "0b9f1c9a5b0e4a4f9d3e6b7a8c1d2e3f",
    "version": 3,
    "modified_at": 1764000000.25,
    "etag": "9f86d081884c7d659a2feaa0c55ad015",
}
_TRACE: JsonObject = {
    "request": "llama3:instruct",
    "matched": {
        "id": "llama3--instruct",
        "name": "llama3:instruct",
        "source": "user",
        "version": 3,
    },
    "model": {
        "id": "bartowski/Llama-3.2-1B-Instruct-GGUF:Q8_0",
        "repo": "bartowski/Llama-3.2-1B-Instruct-GGUF",
        "filename": "Llama-3.2-1B-Instruct-Q8_0.gguf",
        "snapshot": "5ab33fa94d1d04e903623ae72c95d1696f09f9e8",
        "path": "/models/Llama-3.2-1B-Instruct-Q8_0.gguf",
    },
    "steps": [
        {"looked_at": "downloaded models", "found": "no model has this name"},
        {"looked_at": "user aliases", "found": "llama3:instruct, version 3"},
    ],
    "losers": [],
    "findings": [],
    "error": None,
}
_DETAIL: JsonObject = {
    **_ITEM,
    "path": "/models/Llama-3.2-1B-Instruct-Q8_0.gguf",
    "source_text": "alias: llama3:instruct\nrepo: bartowski/Llama-3.2-1B-Instruct-GGUF\n",
    "preset": None,
    "model": {
        "id": "bartowski/Llama-3.2-1B-Instruct-GGUF:Q8_0",
        "architecture": "llama",
        "name": "Llama 3.2 1B Instruct",
        "parameter_count": 1235814432,
        "context_length": 131072,
        "layers": 16,
        "embedding_length": 2048,
        "license": "llama3.2",
        "has_chat_template": True,
        "is_embedding_model": False,
        "problem": None,
    },
    "resolution": _TRACE,
    "effective": [
        {
            "key": "temperature",
            "label": "Temperature",
            "section": "request_params",
            "group": "Generation control",
            "unit": None,
            "applies": "request",
            "value": 0.7,
            "layer": "alias enforce",
            "ladder": [
                {"layer": "alias enforce", "value": 0.7},
                {"layer": "engine default", "value": 0.8},
            ],
        }
    ],
}


def _example(example: JsonObject) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True)


class ErrorShown(_Shown):
    """What keeps something from serving, and what to do about it."""

    code: Annotated[str, Field(examples=["model_file_missing"])]
    message: Annotated[str, Field(description="The fact, in a sentence.")]
    pointer: Annotated[str | None, Field(description="JSON pointer into the alias file.")]
    remedy: str | None
    to_type: Annotated[
        str | None, Field(description="The line for the shell in the remedy, if that has one.")
    ]


class EditShown(_Shown):
    """One change of an alias."""

    path: Annotated[list[str], Field(examples=[["request_params", "top_p"]])]
    value: Annotated[JsonValue, Field(description="null removes what stands there.")]


class FixShown(_Shown):
    """What mends a finding."""

    label: Annotated[str, Field(examples=["Unset Top-p"])]
    patch: list[EditShown]


class FindingShown(_Shown):
    """Something to know about an alias."""

    code: Annotated[str, Field(examples=["shadowed"])]
    severity: Annotated[Severity, Field(description="With error, engines refuse it.")]
    message: str
    params: Annotated[list[str], Field(description="The parameters that it is about.")]
    pointer: Annotated[str | None, Field(description="JSON pointer into the alias file.")]
    fix: FixShown | None


class TemplateShown(_Shown):
    """Where the chat template comes from."""

    origin: Annotated[
        Origin | Literal["unknown"], Field(description="unknown: there is no such template.")
    ]
    name: Annotated[
        str | None,
        Field(
            description="The built-in id, the repository or the file, and which of several there.",
            examples=["llama3"],
        ),
    ]


class SetParameter(_Shown):
    """One parameter that an alias sets."""

    key: Annotated[str, Field(examples=["temperature"])]
    value: Annotated[JsonValue, Field(description="null for a clamp without a value of its own.")]
    section: Section
    mode: Literal["default", "enforce", "clamp"]
    bounds: Annotated[
        tuple[float, float] | None, Field(description="Lowest and highest value of a clamp.")
    ]
    cut: Annotated[
        bool, Field(description="In a list, a long text is shortened and a long value left out.")
    ]


class AliasItem(_Shown):
    """A user alias or a model alias, as a list shows it."""

    id: Annotated[
        str,
        Field(
            description="The URL id: the file's stem, or owner~repo~QUANT for a model.",
            examples=["llama3--instruct"],
        ),
    ]
    name: Annotated[
        str, Field(description="What requests say as model.", examples=["llama3:instruct"])
    ]
    source: AliasSource
    repo: Annotated[str | None, Field(description="null for a file that was never readable.")]
    filename: str | None
    snapshot: str | None
    quantization: Annotated[
        str | None, Field(description="null where the model file is not here.", examples=["Q8_0"])
    ]
    family: Annotated[str | None, Field(examples=["llama"])]
    size_label: Annotated[str | None, Field(description="As the header says.", examples=["8B"])]
    size_bytes: int | None
    chat_template: TemplateShown | None
    set: list[SetParameter]
    description: str | None
    tags: list[str]
    pinned: bool
    draft: Annotated[
        str | None, Field(description="The id of the draft that has other content than the file.")
    ]
    state: Annotated[
        State,
        Field(description="The first that holds: error, testing, modified, draft, published."),
    ]
    error: ErrorShown | None
    findings: list[FindingShown]
    uid: Annotated[str | None, Field(description="Of a user alias; outlives every rename.")]
    version: Annotated[int | None, Field(description="Counts the contents of a user alias.")]
    modified_at: Annotated[float, Field(description="Seconds since the epoch.")]
    etag: Annotated[str, Field(description="Changes whenever the alias's file or model does.")]


class CountShown(_Shown):
    """How many aliases have one value."""

    value: Annotated[str | None, Field(description="null where there is none.")]
    count: int


class AliasList(_Shown):
    """User aliases by name, then model aliases by name, unless another order was asked for."""

    model_config = _example(
        {"total": 1, "aliases": [_ITEM], "next_cursor": None, "groups": None, "facets": None}
    )

    total: Annotated[int, Field(description="How many match, on this page and the others.")]
    aliases: list[AliasItem]
    next_cursor: Annotated[str | None, Field(description="null on the last page.")]
    groups: Annotated[
        list[CountShown] | None, Field(description="Every group in its order, on all pages.")
    ]
    facets: Annotated[
        dict[str, list[CountShown]] | None, Field(description="The most frequent value first.")
    ]


class StepShown(_Shown):
    """One thing that resolution looked at."""

    looked_at: Annotated[str, Field(examples=["downloaded models"])]
    found: Annotated[str, Field(examples=["no model has this name"])]


class MatchShown(_Shown):
    """The alias that a name stands for."""

    id: str
    name: str
    source: AliasSource
    version: int | None


class LoserShown(_Shown):
    """A candidate that was not taken."""

    id: str
    name: str
    source: AliasSource
    reason: str


class ModelPlace(_Shown):
    """The model file that a name leads to."""

    id: str
    repo: str
    filename: str
    snapshot: str | None
    path: Annotated[str, Field(description="Where it is on the server's disk.")]


class TraceShown(_Shown):
    """How a name is resolved; ``error`` says why it is not."""

    model_config = _example(_TRACE)

    request: str
    matched: MatchShown | None
    model: ModelPlace | None
    steps: list[StepShown]
    losers: list[LoserShown]
    findings: list[FindingShown]
    error: ErrorShown | None


class RungShown(_Shown):
    """What one layer says about a parameter."""

    layer: Layer
    value: JsonValue


class EffectiveParameter(_Shown):
    """What a parameter will be when the caller says nothing."""

    key: str
    label: str
    section: Section
    group: str
    unit: str | None
    applies: Annotated[Applies, Field(description="With the next request, or in a new engine.")]
    value: Annotated[JsonValue, Field(description="null where the engine decides.")]
    layer: Layer
    ladder: Annotated[
        list[RungShown], Field(description="Highest first; the first wins, the others lost.")
    ]


class RequestParameter(EffectiveParameter):
    """What a parameter was for one request."""

    overruled: Annotated[
        bool, Field(description="The caller got something else than asked for, or than unasked.")
    ]
    withheld: Annotated[
        bool,
        Field(description="The caller's own value won; it is not kept, for it may be a prompt."),
    ]


class RequestExplained(_Shown):
    """One request and the recipe that it met."""

    alias: Annotated[str, Field(description="name@version", examples=["llama3:instruct@3"])]
    model: Annotated[str | None, Field(description="null where a remote answers.")]
    dropped: Annotated[list[str], Field(description="Fields of the body that mean nothing here.")]
    parameters: list[RequestParameter]


class AliasDetail(AliasItem):
    """Everything about one alias."""

    model_config = _example(_DETAIL)

    path: Annotated[str | None, Field(description="Where the model file is on the server's disk.")]
    source_text: Annotated[str | None, Field(description="The YAML file of a user alias.")]
    preset: PresetSaid
    model: ModelShown | None
    resolution: TraceShown
    effective: Annotated[
        list[EffectiveParameter], Field(description="Empty where the alias cannot serve.")
    ]
