"""The text of an alias file: of a new alias, or of an old text with some values changed. Pure.

Changes are given in registry keys. Where the file spells a parameter otherwise, or holds it in a
list of flags, the edit is made there, so a file keeps the shape its owner gave it.
"""

from collections.abc import Mapping as MappingOf

from bodhi.aliases.flag_list import edit_flag
from bodhi.aliases.model import Alias
from bodhi.aliases.reader import SECTIONS
from bodhi.aliases.surgery import Path, set_value, unset
from bodhi.aliases.yaml12 import Mapping, Node, Sequence, parse, value_of
from bodhi.aliases.yaml12_write import dump
from bodhi.errors import ParameterInvalid
from bodhi.params.parameter import Section
from bodhi.params.registry import SPELLINGS, normalise_spelling
from bodhi.params.values import Json, JsonObject


def write_alias(alias: Alias) -> str:
    """A new file for ``alias``, keys in the order of the specification, what is unset left out."""
    plain: JsonObject = {
        "alias": alias.name,
        "repo": alias.repo,
        "filename": alias.filename,
        "chat_template": alias.chat_template,
        "snapshot": alias.snapshot,
        "description": alias.description,
        "tags": list(alias.tags) or None,
    }
    fields: JsonObject = {key: value for key, value in plain.items() if value is not None}
    for section in SECTIONS:
        if values := getattr(alias, section):
            fields[section] = dict(values)
    return dump({**fields, **alias.extra})


def edit_text(text: str, edits: MappingOf[Path, Json]) -> str:
    """``text`` with each path set to its value, or removed where the value is None.

    ``("context_params", "n_ctx")`` finds ``ctx-size`` and ``--ctx-size 4096`` too. A mapping for a
    whole section, ``("request_params",)``, replaces it key by key. Raises AliasFileInvalid or
    ParameterInvalid and changes nothing.
    """
    for path, value in edits.items():
        if path[0] not in SECTIONS:
            text = _edit(text, path, value)
        elif len(path) > 1:
            text = _edit_parameter(text, path, value)
        else:
            text = _edit_section(text, path, value)
    return text


def _edit(text: str, path: Path, value: Json) -> str:
    return unset(text, path) if value is None else set_value(text, path, value)


def _edit_section(text: str, path: Path, value: Json) -> str:
    section = str(path[0])
    node = _section_of(text, section)
    if not isinstance(value, dict) or node is None:
        return _edit(text, path, value)
    try:
        before = SECTIONS[section](value_of(node), f"/{section}")
    except ParameterInvalid:
        return set_value(text, path, value)
    for key, item in {**value, **dict.fromkeys(before.keys() - value.keys())}.items():
        text = _edit_parameter(text, (section, key), item)
    return text


def _edit_parameter(text: str, path: Path, value: Json) -> str:
    name, key = str(path[0]), str(path[1])
    node = _section_of(text, name)
    if isinstance(node, Sequence):
        return edit_flag(text, node, key, value)
    section = Section.CONTEXT if name == Section.CONTEXT else Section.REQUEST
    for entry in node.entries if isinstance(node, Mapping) else ():
        row, negated = SPELLINGS[section].get(normalise_spelling(entry.name), (None, False))
        if row is not None and row.key == key:
            key = entry.name
            value = not value if negated and isinstance(value, bool) else value
            break
    return _edit(text, (name, key, *path[2:]), value)


def _section_of(text: str, name: str) -> Node | None:
    root = parse(text)
    entry = root.find(name) if isinstance(root, Mapping) else None
    return entry.value if entry else None
