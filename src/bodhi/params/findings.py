"""What is odd about the parameters of an alias, each with a patch that mends it. Pure.

The rules are data, in the language of ``rules/rule.py``. A rule is looked at only where the alias
sets one of its parameters: findings are about what somebody wrote.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TypeAlias, cast

from bodhi.params.explain import Recipe, explain
from bodhi.params.registry import PARAMETERS
from bodhi.params.rules.engine import ENGINE
from bodhi.params.rules.limits import LIMITS
from bodhi.params.rules.rule import Rule, Severity
from bodhi.params.rules.sampling import SAMPLING
from bodhi.params.values import Json, JsonObject

RULES = (*SAMPLING, *LIMITS, *ENGINE)

Path: TypeAlias = tuple[str, ...]
_NOTHING: Mapping[str, Json] = MappingProxyType({})
_PLACE = re.compile(r"\{(own|eff|model|machine)\.(\w+)\}")


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a recipe: ``("request_params", "top_p")`` and its value, None to remove it."""

    path: Path
    value: Json


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know about an alias.

    ``fix`` says in words what ``patch`` does; ``is_safe``, that it changes nothing that a request
    gets. ``pointer`` is where in the alias file it is, unless ``params`` or ``patch`` say so.
    """

    code: str
    severity: Severity
    message: str
    params: tuple[str, ...] = ()
    fix: str = ""
    patch: tuple[Edit, ...] = ()
    is_safe: bool = False
    pointer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What rules are evaluated over: see ``rules/rule.py`` for each."""

    own: Mapping[str, Json] = field(default_factory=dict)
    eff: Mapping[str, Json] = field(default_factory=dict)
    policy: Mapping[str, Json] = field(default_factory=dict)
    model: Mapping[str, Json] = field(default_factory=dict)
    machine: Mapping[str, Json] = field(default_factory=dict)


def find(
    recipe: Recipe,
    *,
    model: Mapping[str, Json] = _NOTHING,
    machine: Mapping[str, Json] = _NOTHING,
    rules: Iterable[Rule] | None = None,
) -> list[Finding]:
    """The findings of a recipe. May raise ParameterInvalid for one that would not serve."""
    own = {**recipe.context_params, **recipe.request_params}
    looked_at = _about(own) if rules is None else [(rule, effective_keys(rule)) for rule in rules]
    if not looked_at:
        return []
    wanted = frozenset[str]().union(*(keys for _, keys in looked_at))
    # Most rules ask only for what the alias says; in a list of thousands that is worth knowing.
    told = explain(recipe, keys=wanted) if wanted else ()
    eff = {one.row.key: one.value for one in told}
    subject = Subject(own=own, eff=eff, policy=recipe.request_policy, model=model, machine=machine)
    return [finding_of(rule, subject) for rule, _ in looked_at if holds(rule.when, subject)]


def finding_of(rule: Rule, subject: Subject) -> Finding:
    """The finding of a rule whose test holds."""
    return Finding(
        rule.id,
        rule.severity,
        _message(rule, subject),
        rule.params,
        rule.label,
        tuple(_edits(rule, subject)),
        rule.is_safe,
    )


def holds(test: Json, subject: Subject) -> bool:
    """Whether a test of the rule language is true."""
    return value_of(test, subject) is True


def value_of(tree: Json, subject: Subject) -> Json:
    """The value of an expression of the rule language."""
    if not isinstance(tree, list):
        return tree
    word, *arguments = tree
    return _WORDS[cast("str", word)](subject, arguments)


def _about(own: Mapping[str, Json]) -> list[tuple[Rule, frozenset[str]]]:
    """In the order of the rules, those about one of the parameters that are set."""
    index = _by_parameter()
    return [
        (RULES[at], _EFFECTIVE_KEYS[at])
        for at in sorted({at for key in own for at in index.get(key, ())})
    ]


@cache
def _by_parameter() -> dict[str, list[int]]:
    index: dict[str, list[int]] = {}
    for at, rule in enumerate(RULES):
        for key in rule.params:
            index.setdefault(key, []).append(at)
    return index


def effective_keys(rule: Rule) -> frozenset[str]:
    """The parameters of which a rule asks for the effective value."""
    named = {name for kind, name in _PLACE.findall(rule.message) if kind == "eff"}
    return frozenset(named.union(*map(_asked_for, [rule.when, *rule.patch.values()])))


def _asked_for(tree: Json) -> set[str]:
    if not isinstance(tree, list):
        return set()
    if tree[:1] == ["eff"]:
        return {cast("str", tree[1])}
    return set[str]().union(*map(_asked_for, tree))


_EFFECTIVE_KEYS = tuple(map(effective_keys, RULES))


def _edits(rule: Rule, subject: Subject) -> Iterator[Edit]:
    """A value that is enforced goes together with its policy."""
    for key, tree in rule.patch.items():
        value = value_of(tree, subject)
        section = PARAMETERS[key].section.value
        if value is not None and value != []:
            yield Edit((section, key), value)
        elif key in subject.own:
            yield Edit((section, key), None)
            if subject.policy.get(key) == "enforce":
                yield Edit(("request_policy", key), None)


def _message(rule: Rule, subject: Subject) -> str:
    def said(match: re.Match[str]) -> str:
        value = value_of([match[1], match[2]], subject)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        whole = isinstance(value, int) and not isinstance(value, bool)
        return f"{value:,}" if whole else str(value)

    return _PLACE.sub(said, rule.message)


# -- The words of the language.

_Word: TypeAlias = Callable[[Subject, list[Json]], Json]


def _clamp_end(index: int) -> _Word:
    def end(subject: Subject, arguments: list[Json]) -> Json:
        mode = subject.policy.get(cast("str", arguments[0]))
        return cast("list[Json]", mode["clamp"])[index] if isinstance(mode, dict) else None

    return end


def _numbers(subject: Subject, arguments: list[Json]) -> list[float]:
    values = (value_of(argument, subject) for argument in arguments)
    return [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]


def _of_two(calculate: Callable[[float, float], Json], unknown: Json) -> _Word:
    def word(subject: Subject, arguments: list[Json]) -> Json:
        numbers = _numbers(subject, arguments)
        return calculate(*numbers) if len(numbers) == 2 else unknown

    return word


def _of_list(calculate: Callable[..., Json]) -> _Word:
    """The first argument is a list, or nothing comes of it."""

    def word(subject: Subject, arguments: list[Json]) -> Json:
        items, *rest = (value_of(argument, subject) for argument in arguments)
        return calculate(items, *rest) if isinstance(items, list) else None

    return word


def _equal(subject: Subject, arguments: list[Json]) -> Json:
    one, other = (value_of(argument, subject) for argument in arguments)
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _one_of(subject: Subject, arguments: list[Json]) -> Json:
    return value_of(arguments[0], subject) in arguments[1:]


def _least(subject: Subject, arguments: list[Json]) -> Json:
    return min(_numbers(subject, arguments), default=None)


def _either(subject: Subject, arguments: list[Json]) -> Json:
    return value_of(arguments[1 if holds(arguments[0], subject) else 2], subject)


def _unique(items: list[Json]) -> Json:
    return [item for at, item in enumerate(items) if item not in items[:at]]


_WORDS: Mapping[str, _Word] = {
    "own": lambda subject, names: subject.own.get(cast("str", names[0])),
    "eff": lambda subject, names: subject.eff.get(cast("str", names[0])),
    "model": lambda subject, names: subject.model.get(cast("str", names[0])),
    "machine": lambda subject, names: subject.machine.get(cast("str", names[0])),
    "low": _clamp_end(0),
    "high": _clamp_end(1),
    "*": _of_two(lambda a, b: a * b, None),
    "//": _of_two(lambda a, b: a // b if b else None, None),
    "min": _least,
    "if": _either,
    "length": _of_list(len),
    "first": _of_list(lambda items, count: items[:count]),
    "unique": _of_list(_unique),
    "without": _of_list(lambda items, text: [item for item in items if item != text]),
    "set": lambda subject, names: cast("str", names[0]) in subject.own,
    "eq": _equal,
    "gt": _of_two(lambda a, b: a > b, unknown=False),
    "lt": _of_two(lambda a, b: a < b, unknown=False),
    "in": _one_of,
    "has": _of_list(lambda items, text: text in items),
    "all": lambda subject, tests: all(holds(test, subject) for test in tests),
    "any": lambda subject, tests: any(holds(test, subject) for test in tests),
    "not": lambda subject, tests: not holds(tests[0], subject),
}


def rules_as_json() -> list[JsonObject]:
    """Every rule as the page is told of it."""
    return [rule.to_json() for rule in RULES]
