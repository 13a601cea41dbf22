"""Aliases beside one another: where they differ in what they say, and in what comes of it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bodhi.aliases.entry import Entry
from bodhi.aliases.model import Alias
from bodhi.aliases.reader import SECTIONS, TEXTS
from bodhi.aliases.yaml12 import same_value
from bodhi.model_files.families import family_of
from bodhi.params.explain import Explained
from bodhi.params.parameter import Parameter
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs; None where there is none."""

    path: tuple[str, ...]
    before: Json
    after: Json


@dataclass(frozen=True, slots=True)
class Side:
    """One of the aliases; ``effective`` is empty where it cannot serve."""

    entry: Entry
    effective: Sequence[Explained]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One fact of every side."""

    name: str
    values: Sequence[Json]
    differs: bool


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One parameter of every side; None where a side cannot serve."""

    row: Parameter
    values: Sequence[Explained | None]
    differs: bool


def changes_between(before: Alias | None, after: Alias | None) -> list[Change]:
    """What differs from one content to another, field by field and parameter by parameter."""
    old, new = _flat(before), _flat(after)
    paths = dict.fromkeys([*old, *new])
    pairs = ((path, old.get(path), new.get(path)) for path in paths)
    return [Change(*pair) for pair in pairs if not same_value(pair[1], pair[2])]


def compare_fields(sides: Sequence[Side]) -> list[FieldRow]:
    """What the aliases are made of."""
    facts = [_facts(side.entry) for side in sides]
    rows = ((name, [fact[name] for fact in facts]) for name in facts[0])
    return [FieldRow(name, values, _differ(values)) for name, values in rows]


def compare_parameters(sides: Sequence[Side]) -> list[ParameterRow]:
    """Every parameter, with what it is on each side and which layer says so."""
    told = [{one.row.key: one for one in side.effective} for side in sides]
    rows = []
    for row in PARAMETERS.values():
        values = [one.get(row.key) for one in told]
        if any(values):
            shown: list[Json] = [None if one is None else one.value for one in values]
            rows.append(ParameterRow(row, values, _differ(shown)))
    return rows


def _differ(values: Sequence[Json]) -> bool:
    return any(not same_value(values[0], other) for other in values[1:])


def _facts(entry: Entry) -> Mapping[str, Json]:
    alias, model = entry.alias, entry.model
    facts = model.facts if model else None
    return {
        "source": entry.source.value,
        "description": alias.description if alias else None,
        "tags": list(alias.tags) if alias else [],
        **{key: getattr(alias, key, None) for key in TEXTS if key != "alias"},
        "quantization": model.quantization if model else None,
        "family": family_of(facts, alias.repo) if alias else None,
        "size_label": facts.size_label if facts else None,
        "size_bytes": model.size_bytes if model else None,
        "trained_context": facts.context_length if facts else None,
    }


def _flat(alias: Alias | None) -> dict[tuple[str, ...], Json]:
    return {} if alias is None else dict(_leaves(alias))


def _leaves(alias: Alias) -> Iterator[tuple[tuple[str, ...], Json]]:
    yield ("alias",), alias.name
    yield ("description",), alias.description
    yield ("tags",), list(alias.tags) or None
    for key in TEXTS:
        if key != "alias":
            yield (key,), getattr(alias, key)
    for section in SECTIONS:
        for key, value in getattr(alias, section).items():
            yield (section, key), value
    for key, value in alias.extra.items():
        yield (key,), value
