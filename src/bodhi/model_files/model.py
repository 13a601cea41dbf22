"""What the rest of Bodhi knows of a model on disk: plain frozen facts, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bodhi.model_files.cache_shape import CacheShape
from bodhi.params.values import Json


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a GGUF header says. ``None`` where the header is silent.

    ``sampling`` holds the ``general.sampling.*`` keys, which llama.cpp itself applies as defaults.
    ``kv_bytes_per_token`` is what an f16 cache takes for one token, all layers together; ``cache``
    says of which layers, and what else is kept.
    """

    architecture: str
    name: str | None = None
    size_label: str | None = None
    quantization: str | None = None
    parameter_count: int | None = None
    context_length: int | None = None
    layers: int | None = None
    embedding_length: int | None = None
    vocabulary_size: int | None = None
    kv_bytes_per_token: int | None = None
    cache: CacheShape | None = None
    tensor_bytes: int = 0
    tokenizer: str | None = None
    bos_token: str | None = None
    eos_token: str | None = None
    chat_template: str | None = None
    named_templates: Mapping[str, str] = field(default_factory=dict)
    sampling: Mapping[str, Json] = field(default_factory=dict)
    license: str | None = None
    is_embedding_model: bool = False
    head_count: int | None = None  # attention heads of a layer, the most that any layer has
    feed_forward_length: int | None = None  # likewise


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One row of the model list: one GGUF (all its parts) of one repository.

    ``path`` is the path inside ``snapshots/`` (or an added folder) as a person would type it;
    ``real_path`` is what an engine opens: the file it points to or, for a file split in parts, the
    first part's place beside the others, because llama.cpp finds those by its name. ``identity``
    changes whenever the bytes may have changed. ``problem`` says in a sentence why the engine
    cannot load it; ``facts`` may still be known. ``snapshots`` lists every snapshot folder of the
    repository that holds this same blob.
    """

    id: str  # "owner/repo:QUANT", unique among the rows
    repo: str  # "owner/repo"
    filename: str  # relative to the snapshot, with "/" between folders
    quantization: str  # the word after the colon of the id
    snapshot: str | None  # folder name under snapshots/; None in an added folder
    path: Path
    real_path: Path
    identity: str
    size_bytes: int  # all parts together
    modified_at: float  # seconds since the epoch, of the newest part
    parts: tuple[Path, ...] = ()
    part_identities: tuple[str, ...] = ()  # of each of the parts, see files.file_identity
    refs: tuple[str, ...] = ()
    snapshots: tuple[str, ...] = ()
    facts: ModelFacts | None = None
    problem: str | None = None
