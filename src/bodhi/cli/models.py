"""``bodhi models``: the GGUF files on this machine and what their headers say."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bodhi.cli.local import find_model, load_settings, scan_models
from bodhi.cli.model_memory import memory_json, memory_of
from bodhi.cli.options import AsJson
from bodhi.cli.output import fields, note, size, table, write, write_json

if TYPE_CHECKING:
    from bodhi.gateway.foretell import Foretold
    from bodhi.model_files.model import ModelFacts, ModelFile
    from bodhi.params.values import JsonObject

app = typer.Typer(help="List and show the models on this machine.", no_args_is_help=True)


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """List the models of the Hugging Face cache and of the added folders."""
    settings = load_settings()
    catalogue = scan_models(settings)
    rows = catalogue.rows
    for problem in catalogue.problems:
        note(problem)
    if as_json:
        write_json({"models": [_row(model) for model in rows]})
    elif rows:
        header = ("NAME", "QUANTIZATION", "SIZE", "CONTEXT", "PROBLEM")
        write(table(header, map(_cells, rows)))
    else:
        note("There is no model in the Hugging Face cache or in an added folder.")


@app.command("show")
def show_model(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="As bodhi models list shows it, or owner/repo.")
    ],
    as_json: AsJson = False,
) -> None:
    """Show what is known of one model, and whether it fits this machine's memory.

    The memory is that of one engine with Bodhi's defaults. A longer context takes more.
    """
    settings = load_settings()
    model = find_model(name, scan_models(settings))
    memory = memory_of(model, settings)
    if as_json:
        facts = None if model.facts is None else asdict(model.facts)
        shown = None if memory is None else memory_json(memory)
        write_json(_row(model) | {"path": str(model.path), "facts": facts, "memory": shown})
    else:
        write(_describe(model, memory))


def _row(model: ModelFile) -> JsonObject:
    """The keys that every model has in JSON."""
    facts = model.facts
    return {
        "id": model.id,
        "repo": model.repo,
        "filename": model.filename,
        "quantization": model.quantization,
        "snapshot": model.snapshot,
        "snapshots": list(model.snapshots),
        "refs": list(model.refs),
        "size_bytes": model.size_bytes,
        "modified_at": model.modified_at,
        "architecture": facts.architecture if facts else None,
        "context_length": facts.context_length if facts else None,
        "parameter_count": facts.parameter_count if facts else None,
        "problem": model.problem,
    }


def _cells(model: ModelFile) -> tuple[str, ...]:
    context = model.facts.context_length if model.facts else None
    return (
        model.id,
        model.quantization,
        size(model.size_bytes) or "",
        "" if context is None else str(context),
        model.problem or "",
    )


def _describe(model: ModelFile, memory: Foretold | None) -> str:
    modified = datetime.fromtimestamp(model.modified_at, UTC)
    about: list[tuple[str, str | None]] = [
        ("name", model.id),
        ("repository", model.repo),
        ("file", model.filename),
        ("parts", str(len(model.parts)) if len(model.parts) > 1 else None),
        ("snapshot", model.snapshot),
        ("refs", ", ".join(model.refs) or None),
        ("path", str(model.path)),
        ("size", size(model.size_bytes)),
        ("modified", f"{modified:%Y-%m-%d %H:%M} UTC"),
        ("quantization", model.quantization),
        ("memory", None if memory is None else memory.words),
    ]
    if model.facts is not None:
        about += _facts(model.facts)
    return fields([*about, ("problem", model.problem)])


def _facts(facts: ModelFacts) -> list[tuple[str, str | None]]:
    return [
        ("title", facts.name),
        ("architecture", facts.architecture),
        ("parameters", _count(facts.parameter_count)),
        ("context size", _count(facts.context_length)),
        ("layers", _count(facts.layers)),
        ("embedding length", _count(facts.embedding_length)),
        ("vocabulary", _count(facts.vocabulary_size)),
        ("cache per token", size(facts.kv_bytes_per_token)),
        ("tokenizer", facts.tokenizer),
        ("chat template", "in the file" if facts.chat_template else "none"),
        ("more templates", ", ".join(sorted(facts.named_templates)) or None),
        ("sampling", ", ".join(f"{k} {v}" for k, v in sorted(facts.sampling.items())) or None),
        ("license", facts.license),
        ("answers", "embeddings only" if facts.is_embedding_model else None),
    ]


def _count(number: int | None) -> str | None:
    return None if number is None else f"{number:,}"
