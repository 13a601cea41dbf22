"""What searches know of an alias. Pure."""

from collections.abc import Callable

from bodhi.aliases.columns import Row
from bodhi.aliases.entry import Entry
from bodhi.aliases.query import Facts
from bodhi.aliases.state import State
from bodhi.chat_templates.sources import parse_declared
from bodhi.model_files.families import family_of
from bodhi.params.values import Json, JsonObject

# What words without a field are looked for in.
_TEXT = ("name", "repo", "file", "family", "quant", "description", "tag")


def row_of(entry: Entry, state: State, *, is_pinned: bool, show: Callable[[], bytes]) -> Row:
    """The row of a list; ``show`` makes what is shown of it, once it is."""
    is_model = entry.source == "model"
    return Row((is_model, entry.name, entry.id), _facts(entry, state, is_pinned), show)


def _facts(entry: Entry, state: State, is_pinned: bool) -> Facts:
    labels = _labels(entry, state)
    fields = {name: tuple(map(str.lower, label)) for name, label in labels.items()}
    text = " ".join(label for name in _TEXT for label in fields[name])
    numbers = {"modified": entry.modified_at}
    if entry.model is not None:
        numbers["size"] = float(entry.model.size_bytes)
    if entry.version is not None:
        numbers["version"] = float(entry.version)
    key = entry.uid or entry.name
    return Facts(key, labels, fields, text, _values(entry), numbers, is_pinned)


def _labels(entry: Entry, state: State) -> dict[str, tuple[str, ...]]:
    alias, model = entry.alias, entry.model
    facts = model.facts if model else None
    texts = {
        "name": entry.name,
        "repo": alias.repo if alias else None,
        "file": alias.filename if alias else None,
        "family": family_of(facts, alias.repo) if alias else None,
        "quant": model.quantization if model else None,
        "template": _template(alias.chat_template) if alias else None,
        "size_label": facts.size_label if facts else None,
        "description": alias.description if alias else None,
        "source": entry.source.value,
        "state": state,
    }
    labels = {name: (text,) if text else () for name, text in texts.items()}
    return labels | {"tag": alias.tags if alias else ()}


def _template(declared: str | None) -> str:
    """By what templates are looked for and counted: their name, or where they are from."""
    parsed = parse_declared(declared)
    return "unknown" if parsed is None else parsed.shown or parsed.origin


def _values(entry: Entry) -> JsonObject:
    """What the alias sets; a clamp that stands alone has no value."""
    if entry.alias is None:
        return {}
    alone: dict[str, Json] = dict.fromkeys(entry.alias.request_policy)
    return {**alone, **entry.alias.context_params, **entry.alias.request_params}
