"""The schema of alias files takes what Bodhi takes, as far as a schema can say it."""

import json
import re
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodhi.aliases.reader import read_recipe
from bodhi.aliases.schema import alias_schema, alias_schema_text
from bodhi.aliases.yaml12 import load
from bodhi.errors import BodhiError, ParameterInvalid
from bodhi.params.check import check_value
from bodhi.params.parameter import Kind, Parameter, Section
from bodhi.params.registry import PARAMETERS, SPELLINGS
from bodhi.params.schema import row_schema
from bodhi.params.values import Json
from tests.support.fixtures import shared_fixtures

SCHEMA: Any = json.loads(alias_schema_text())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
BASE = {"alias": "a", "repo": "us/tiny-GGUF", "filename": "tiny.Q8_0.gguf"}


def accepts(document: Json, schema: Any = SCHEMA) -> bool:
    return VALIDATOR.evolve(schema=schema).is_valid(document)


_PAIR = re.compile(r"\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}")


def _as_one_escape(pair: re.Match[str]) -> str:
    character = json.loads('"' + pair[0] + '"')
    return f"\\U{ord(character):08x}"


def is_read(document: Mapping[str, Json]) -> bool:
    """Whether Bodhi reads a file that holds the document; JSON is YAML but for its surrogates."""
    text = _PAIR.sub(_as_one_escape, json.dumps(document))
    try:
        read_recipe(text.encode())
    except BodhiError:
        return False
    return True


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(alias_schema())) == SCHEMA


@pytest.mark.parametrize("name", ["llama3--instruct.yaml", "llama3--instruct.flags.yaml"])
def test_published_aliases_are_taken(name: str) -> None:
    assert accepts(load((shared_fixtures() / "aliases" / name).read_text()))


def test_the_specifications_own_example_is_taken_and_a_slip_of_it_is_not() -> None:
    text = """\
alias: llama3:instruct
repo: QuantFactory/Meta-Llama-3-8B-Instruct-GGUF
filename: Meta-Llama-3-8B-Instruct.Q8_0.gguf
chat_template: llama3
snapshot: 5007652f7a641fe7170e0bad4f63839419bd9213
context_params:
  n_keep: 24
request_params:
  stop:
    - <|start_header_id|>
    - <|end_header_id|>
    - <|eot_id|>
"""
    assert accepts(load(text))
    assert not accepts(load(text.replace("n_keep", "n_kept")))
    assert not accepts(load(text.replace("24", "many")))
    assert not accepts(load(text.replace("repo: QuantFactory/", "repo: ")))


_FAR = st.integers(-(2**40), 2**40) | st.floats(-1e12, 1e12, allow_nan=False)
_PLAIN: st.SearchStrategy[Json] = (
    st.none()
    | st.booleans()
    | _FAR
    | st.text(max_size=8)
    | st.lists(st.text(max_size=3), max_size=3)
)


def near(row: Parameter) -> st.SearchStrategy[Json]:
    """Values at and around the edges of a row, of the right kind and of wrong ones."""
    values: list[Json] = [*row.choices, *row.words, *(one.value for one in row.specials)]
    values += [choice.upper() for choice in row.choices]
    for end in (row.low, row.high):
        if end is not None:
            values += [end, end + 1, end - 1, int(end), float(end), end + 0.5]
    if row.longest is not None:
        values += ["x" * row.longest, "x" * (row.longest + 1), ["x" * row.longest]]
        values += [[1.0] * row.longest, [1.0] * (row.longest + 1)]
    if row.kind in (Kind.OBJECT, Kind.TEXTS) and row.high is not None:
        for count in (int(row.high), int(row.high) + 1):
            values += [dict.fromkeys(map(str, range(count)), 1), ["x"] * count]
    return st.sampled_from([*values, {}, [], "", True, None]) | _PLAIN


_ROWS = st.sampled_from(list(PARAMETERS.values()))
_CASES = _ROWS.flatmap(lambda row: st.tuples(st.just(row), near(row)))


@given(_CASES)
def test_a_schema_takes_exactly_the_values_that_its_row_takes(
    case: tuple[Parameter, Json],
) -> None:
    row, value = case
    try:
        if value is not None:
            check_value(row, value, "/x")
        is_taken = True
    except ParameterInvalid:
        is_taken = False
    assert accepts(value, row_schema(row)) == is_taken


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Json]:
    """Aliases with some parameters under some of their names, right and wrong."""
    document: dict[str, Json] = dict(BASE)
    for section in Section:
        values: dict[str, Json] = {}
        used = set()
        names = st.sampled_from(sorted(SPELLINGS[section]))
        for name in draw(st.lists(names, max_size=3)):
            row, _ = SPELLINGS[section][name]
            if row.key not in used:  # twice under two names is beyond a schema
                used.add(row.key)
                dashes = draw(st.sampled_from(["", "-", "--"]))
                written = name.replace("_", draw(st.sampled_from("_-")))
                values[dashes + written] = draw(near(row))
        if draw(st.integers(0, 9)) == 0:
            values[draw(st.text(max_size=6))] = 1
        document[section.value] = values
    policy: dict[str, Json] = {}
    given = document["request_params"]
    assert isinstance(given, dict)
    for name in given:
        if given[name] is not None:  # an enforced parameter without a value is beyond a schema
            modes: list[Json] = ["enforce", "default", "always", {"clamp": [0.5, 0.5]}, None]
            modes += [{"clamp": [1, 1]}, {"clamp": [5000, 5000]}, {"clamp": [1]}, {"clamps": []}]
            policy[name] = draw(st.sampled_from(modes))
    return document | {"request_policy": policy}


@given(documents())
def test_the_schema_takes_exactly_the_files_that_are_read(document: dict[str, Json]) -> None:
    assert accepts(document) == is_read(document)


_TEXTS = st.sampled_from(
    "a a/b a:b a..b a:/b a@3 -a a/ us/tiny us us/ /us ./x us/. us/.. a/b/c remote:x remote: "
    "remote:a/b x.gguf a\\b ../x a//b a/./b a/../b . .. a/..b ..a/b".split()
) | st.from_regex(r"[a.:/@1-]{1,8}", fullmatch=True)


@given(st.sampled_from(["alias", "repo", "filename"]), _TEXTS)
def test_names_repositories_and_files_are_those_that_are_read(key: str, text: str) -> None:
    document: dict[str, Json] = {**BASE, key: text}
    assert accepts(document) == is_read(document)


_WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), max_size=3) | st.none()
_ABOUT = st.fixed_dictionaries(
    {},
    optional={
        "description": st.sampled_from(["", "x" * 2000, "x" * 2001, None, 5, ["x"]]),
        "tags": st.lists(_WORDS | st.sampled_from(["a b", "x" * 64, "x" * 65, 5]), max_size=3)
        | st.sampled_from([None, "a", [str(n) for n in range(32)], [str(n) for n in range(33)]]),
    },
)


@given(_ABOUT)
def test_what_is_said_about_an_alias_is_taken_as_it_is_read(about: dict[str, Json]) -> None:
    assert accepts({**BASE, **about}) == is_read({**BASE, **about})


@pytest.mark.parametrize("missing", BASE)
def test_what_every_alias_has_must_be_there(missing: str) -> None:
    assert not accepts({key: value for key, value in BASE.items() if key != missing})
    assert accepts({**BASE, "notes": ["kept as it is"], "snapshot": 500})


def test_a_schema_that_takes_too_much_would_be_found() -> None:
    wide = row_schema(PARAMETERS["temperature"])
    assert not accepts(2.5, wide)
    alternatives: Any = wide["anyOf"]
    alternatives[0]["maximum"] = 3
    assert accepts(2.5, wide)


def test_editors_are_told_what_a_parameter_is() -> None:
    shown = SCHEMA["definitions"]["context_params.n_ctx"]
    assert shown["title"] == "Context size"
    assert "--ctx-size" in shown["description"]
    assert shown["default"] == PARAMETERS["n_ctx"].bodhi_default
    offered = SCHEMA["properties"]["context_params"]["anyOf"][0]["properties"]
    assert "n_ctx" in offered
