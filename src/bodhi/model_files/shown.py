"""What the control plane shows of model files: the types of its answers, and how they are made."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from bodhi.model_files.families import family_of
from bodhi.model_files.index import Catalogue
from bodhi.model_files.model import ModelFacts, ModelFile


class ModelShown(BaseModel):
    """What the header of a model file says; null where it is silent or cannot be read."""

    model_config = ConfigDict(frozen=True)

    id: Annotated[
        str,
        Field(
            description="The name under which the model answers by itself.",
            examples=["bartowski/Llama-3.2-1B-Instruct-GGUF:Q8_0"],
        ),
    ]
    architecture: str | None
    name: str | None
    parameter_count: int | None
    context_length: Annotated[int | None, Field(description="Tokens it was trained with.")]
    layers: int | None
    embedding_length: int | None
    license: str | None
    has_chat_template: bool
    is_embedding_model: bool
    problem: Annotated[str | None, Field(description="Why the engine cannot load it.")]


class ModelItem(ModelShown):
    """A model file, or all the parts of one that was split."""

    repo: str
    filename: str
    quantization: str
    family: str | None
    size_label: Annotated[str | None, Field(description="As the header says.", examples=["1B"])]
    size_bytes: Annotated[int, Field(description="All parts together.")]
    parts: Annotated[int, Field(description="1 for a file that was not split.")]
    snapshot: Annotated[str | None, Field(description="null in an added folder.")]
    snapshots: Annotated[list[str], Field(description="Every snapshot that holds this content.")]
    refs: Annotated[list[str], Field(description="Branches and tags that lead to it.")]
    modified_at: Annotated[float, Field(description="Seconds since the epoch.")]
    path: Annotated[str, Field(description="Where it is on the server's disk.")]


class ModelFit(BaseModel):
    """Whether one engine of the model, with nothing set, fits the memory that is free."""

    model_config = ConfigDict(frozen=True)

    verdict: Annotated[str, Field(examples=["fits"])]
    words: Annotated[
        str,
        Field(examples=["fits · needs 1.6 of 23.4 GiB, with a context of 8,192 tokens"]),
    ]
    needs_bytes: int
    free_bytes: int


class ModelChoice(BaseModel):
    """One of the repository's models that are on this machine."""

    model_config = ConfigDict(frozen=True)

    id: Annotated[str, Field(examples=["bartowski~Llama-3.2-1B-Instruct-GGUF~Q8_0"])]
    name: Annotated[str, Field(examples=["bartowski/Llama-3.2-1B-Instruct-GGUF:Q8_0"])]
    quantization: str
    size_bytes: int
    problem: str | None
    fit: Annotated[
        ModelFit | None, Field(description="By the header; null for a model that does not load.")
    ]


class ModelDetail(BaseModel):
    """A model file with its siblings and with who uses it."""

    model_config = ConfigDict(frozen=True)

    id: Annotated[str, Field(examples=["bartowski~Llama-3.2-1B-Instruct-GGUF~Q8_0"])]
    model: ModelItem
    fit: ModelFit | None
    quantizations: Annotated[
        list[ModelChoice], Field(description="This one among them, the smallest first.")
    ]
    used_by: Annotated[list[str], Field(description="The user aliases that serve this file.")]


class ModelList(BaseModel):
    """Every model file, by id."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "total": 1,
                    "models": [
                        {
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
                            "repo": "bartowski/Llama-3.2-1B-Instruct-GGUF",
                            "filename": "Llama-3.2-1B-Instruct-Q8_0.gguf",
                            "quantization": "Q8_0",
                            "family": "llama",
                            "size_label": "1B",
                            "size_bytes": 1321082528,
                            "parts": 1,
                            "snapshot": "5ab33fa94d1d04e903623ae72c95d1696f09f9e8",
                            "snapshots": ["5ab33fa94d1d04e903623ae72c95d1696f09f9e8"],
                            "refs": ["main"],
                            "modified_at": 1764000000.25,
                            "path": "/models/Llama-3.2-1B-Instruct-Q8_0.gguf",
                        }
                    ],
                    "problems": [],
                }
            ]
        }
    )

    total: int
    models: list[ModelItem]
    problems: Annotated[list[str], Field(description="Folders that could not be listed.")]


def show_model(model: ModelFile) -> ModelShown:
    """What the header of ``model`` says."""
    return ModelShown(**_header(model))


def show_models(catalogue: Catalogue) -> ModelList:
    """Every model of ``catalogue``."""
    models = [show_item(row) for row in catalogue.rows]
    return ModelList(total=len(models), models=models, problems=list(catalogue.problems))


def show_item(row: ModelFile) -> ModelItem:
    """A model file with where it is and what its header says."""
    return ModelItem(
        **_header(row),
        repo=row.repo,
        filename=row.filename,
        quantization=row.quantization,
        family=family_of(row.facts, row.repo),
        size_label=row.facts.size_label if row.facts else None,
        size_bytes=row.size_bytes,
        parts=max(1, len(row.parts)),
        snapshot=row.snapshot,
        snapshots=list(row.snapshots),
        refs=list(row.refs),
        modified_at=row.modified_at,
        path=path_text(row.path),
    )


def path_text(path: Path) -> str:
    """A path as text, also where its bytes are not UTF-8, which JSON could not hold."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _header(model: ModelFile) -> dict[str, Any]:
    facts = model.facts or ModelFacts(architecture="")
    return {
        "id": model.id,
        "architecture": facts.architecture or None,
        "name": facts.name,
        "parameter_count": facts.parameter_count,
        "context_length": facts.context_length,
        "layers": facts.layers,
        "embedding_length": facts.embedding_length,
        "license": facts.license,
        "has_chat_template": facts.chat_template is not None,
        "is_embedding_model": facts.is_embedding_model,
        "problem": model.problem,
    }
