"""Every range, default and list of choices is written in one place: its row."""

import json
from dataclasses import replace

import pytest

from bodhi.params import registry
from bodhi.params.registry import PARAMETERS
from tests.contract.project import module, modules
from tests.params.one_place import numbers_of, twice

EVERYWHERE = [m for m in modules("src", "tools") if "/params/rows/" not in m.path]


def test_no_range_no_default_and_no_choice_is_written_twice() -> None:
    # Examples of the control plane's answers are no rules; they are checked against the types. What
    # makers of models publish is theirs, also where it is what an engine does anyway.
    elsewhere = ("/shown.py", "/advice/published.py")
    rules = [m for m in EVERYWHERE if not m.path.endswith(elsewhere)]
    assert len(rules) > 150
    assert twice(rules) == []


@pytest.mark.parametrize(
    "source",
    [
        'X = {"n_ctx": (32, 9)}',
        'X = {"n_ctx": check(8, 10_000_000)}',
        'params.setdefault("n_ctx", 8192)',
        "DEFAULT_N_CTX = 8192",
        "_N_CTX_MAX: int = 10_000_000",
        "def f(p): return p.n_ctx > 10_000_000",
        'def f(v): return v["temperature"] == 0.8',
        "request(temperature=0.8)",
        'X = ("cache_ram", 256)',
        'X = ("f32", "f16", "bf16", "q8_0", "q4_0", "q4_1", "iq4_nl", "q5_0", "q5_1")',
        'X = enum("P_", "none", "layer", "row", "tensor")',
        'X = {"on": 1, "off": 2, "auto": 3}',
    ],
)
def test_a_planted_duplicate_is_found(source: str) -> None:
    assert twice([module("src/bodhi/planted.py", source)])


@pytest.mark.parametrize(
    "source",
    ['X = {"n_ctx": 4096}', "BUFFER = 8192", 'X = ("n_ctx", "temperature")', "f(timeout=2)"],
)
def test_other_numbers_are_nobodys(source: str) -> None:
    assert twice([module("src/bodhi/planted.py", source)]) == []


def test_a_changed_row_changes_everything_that_is_made_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from bodhi.errors import ParameterInvalid
    from bodhi.params.bounds import Circumstances
    from bodhi.params.described import describe
    from bodhi.params.schema import row_schema
    from bodhi.params.spelling import read_request_params
    from bodhi.params.words import range_words

    row = replace(PARAMETERS["temperature"], high=1.5, engine_default=0.6)
    changed = {**PARAMETERS, "temperature": row}
    for place in ("registry", "explain", "merge"):
        monkeypatch.setattr(f"bodhi.params.{place}.PARAMETERS", changed)
    section = row.section
    spellings = {**registry.SPELLINGS, section: registry._spellings(section)}
    monkeypatch.setattr(registry, "SPELLINGS", spellings)
    with pytest.raises(ParameterInvalid, match=r"from 0 to 1\.5"):
        read_request_params({"temperature": 1.6})
    (described,) = (one for one in describe(Circumstances()) if one.row.key == "temperature")
    assert described.default.value == 0.6
    assert range_words(described) == "a number from 0 to 1.5"
    schema = json.dumps(row_schema(row))
    assert '"maximum": 1.5' in schema
    assert '"default": 0.6' in schema


def test_the_rows_have_numbers_to_find() -> None:
    assert {8192, 32, 10_000_000} <= numbers_of(PARAMETERS["n_ctx"])
    assert sum(len(numbers_of(row)) for row in PARAMETERS.values()) > 40
