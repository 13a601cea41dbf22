"""What searches know of an alias, from what a list shows of it. Pure."""

from bodhi.aliases.entry import Entry
from bodhi.aliases.pages import Row
from bodhi.aliases.query import Facts
from bodhi.aliases.shown import AliasItem
from bodhi.params.values import Json, JsonObject

# What words without a field are looked for in.
_TEXT = ("name", "repo", "file", "family", "quant", "description", "tag")


def row_of(entry: Entry, item: AliasItem, json: bytes) -> Row:
    """The row of a list; ``json`` is ``item``."""
    is_model = entry.source == "model"
    return Row((is_model, entry.name, entry.id), _facts(entry, item), json)


def _facts(entry: Entry, item: AliasItem) -> Facts:
    template = item.chat_template
    texts = {
        "name": item.name,
        "repo": item.repo,
        "file": item.filename,
        "family": item.family,
        "quant": item.quantization,
        "template": (template.name or template.origin) if template else None,
        "size_label": item.size_label,
        "description": item.description,
        "source": item.source.value,
        "state": item.state,
    }
    labels: dict[str, tuple[str, ...]] = {
        name: (text,) if text else () for name, text in texts.items()
    }
    labels["tag"] = tuple(item.tags)
    fields = {name: tuple(map(str.lower, label)) for name, label in labels.items()}
    text = " ".join(label for name in _TEXT for label in fields[name])
    numbers = {"modified": item.modified_at}
    if item.size_bytes is not None:
        numbers["size"] = float(item.size_bytes)
    if item.version is not None:
        numbers["version"] = float(item.version)
    key = entry.uid or entry.name
    return Facts(key, labels, fields, text, _values(entry), numbers, item.pinned)


def _values(entry: Entry) -> JsonObject:
    """What the alias sets; a clamp that stands alone has no value."""
    if entry.alias is None:
        return {}
    alone: dict[str, Json] = dict.fromkeys(entry.alias.request_policy)
    return {**alone, **entry.alias.context_params, **entry.alias.request_params}
