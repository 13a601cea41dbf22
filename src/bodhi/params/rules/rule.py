"""What one rule is: data that Python and the page evaluate alike. Pure.

A rule is written in lists that JSON has, too. Values:

    1, "text", true, null           themselves
    ["own", key]                    what the alias says; null where it is silent
    ["eff", key]                    what applies where the caller says nothing
    ["low", key], ["high", key]     the ends of the alias's clamp
    ["model", name]                 context_length, size_bytes, eos_token, is_embedding_model
    ["machine", name]               cores, free_memory_bytes
    ["*", a, b], ["//", a, b]       product, and quotient without its fraction
    ["min", a, b, ...]              the least of those that are known
    ["if", test, a, b]
    ["length", list], ["first", list, n], ["unique", list], ["without", list, text]

Tests:

    ["set", key]                    whether the alias says anything
    ["eq", a, b], ["gt", a, b], ["lt", a, b]
    ["in", a, b, ...]               a is one of the others
    ["has", list, text]             the list holds the text
    ["all", ...], ["any", ...], ["not", test]

What is calculated from null is null; null is neither greater nor less than anything. A message
names values as ``{own.n_ctx}``, ``{eff.n_ctx}`` or ``{model.context_length}``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast

from bodhi.params.values import Json, JsonObject

# What stands for the parameter in a rule that holds for each of several.
EACH = "*"


class Severity(StrEnum):
    """``error``: it would not serve. ``warning``: hardly what was meant. ``info``: of no use."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Rule:
    """``params`` are those that it is about, ``patch`` maps some to the value that mends it.

    A patch to null, or to an empty list, takes a parameter out. ``is_safe`` says that the patch
    changes nothing that any request gets.
    """

    id: str
    severity: Severity
    params: tuple[str, ...]
    when: Json
    message: str
    label: str
    patch: Mapping[str, Json]
    is_safe: bool = False

    def to_json(self) -> JsonObject:
        """As the page is told of it."""
        return {
            "id": self.id,
            "severity": self.severity.value,
            "params": list(self.params),
            "when": self.when,
            "message": self.message,
            "fix": {"label": self.label, "patch": dict(self.patch), "safe": self.is_safe},
        }


def unset(*keys: str) -> JsonObject:
    """The patch that takes parameters out."""
    return dict.fromkeys(keys)


def any_set(*keys: str) -> Json:
    """Whether the alias says anything about one of them."""
    return ["any", *(cast("Json", ["set", key]) for key in keys)]


def for_each(keys: tuple[str, ...], rule: Rule) -> tuple[Rule, ...]:
    """One rule a parameter, from a rule that has ``*`` in its place."""
    return tuple(
        replace(
            rule,
            params=(key,),
            when=_named(rule.when, key),
            message=rule.message.replace(EACH, key),
            label=rule.label.replace(EACH, key),
            patch={key: _named(rule.patch[EACH], key)},
        )
        for key in keys
    )


def _named(tree: Json, key: str) -> Json:
    if isinstance(tree, list):
        return [_named(item, key) for item in tree]
    return key if tree == EACH else tree
