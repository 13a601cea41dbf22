"""The rows of the registry are whole, and say the same in all their fields."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from bodhi.errors import ParameterInvalid
from bodhi.params.check import check_value
from bodhi.params.parameter import Applies, Band, Kind, Parameter, Recommendation, Scale
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json

ROWS = list(PARAMETERS.values())
# The embedded engine takes them another way, or not at all.
WITHOUT_ATTRIBUTE = {"device", "mlock", "no_mmap"}


def own_values(row: Parameter) -> Iterator[tuple[str, Json]]:
    """Every value that a row itself speaks of."""
    yield from (("stop", stop) for stop in row.stops)
    yield from (("special", special.value) for special in row.specials)
    yield from (("recommendation", one.value) for one in row.recommendations)
    yield from (("choice", choice) for choice in row.choices)
    for name in ("engine_default", "bodhi_default", "bare"):
        if (value := getattr(row, name)) is not None:
            yield name, value
    if row.recommended:
        yield from (("band", end) for end in (row.recommended.low, row.recommended.high))


def faults(rows: Iterable[Parameter]) -> Iterator[str]:
    """What is wrong with rows, each in a sentence."""
    for row in rows:
        yield from _refused_by_itself(row)
        yield from _recommended_badly(row)
        yield from _related_badly(row)
        yield from _unfit_for_a_slider(row)
        yield from _not_reaching_the_engine(row)
        if not row.help.endswith(".") or not row.label or not row.group:
            yield f"{row.key} does not say what it is"


def _refused_by_itself(row: Parameter) -> Iterator[str]:
    for what, value in own_values(row):
        try:
            check_value(row, value, "/x")
        except ParameterInvalid:
            yield f"{row.key}: its own {what} {value} would be refused"


def _recommended_badly(row: Parameter) -> Iterator[str]:
    sources = [one.source for one in row.recommendations]
    if row.recommended:
        sources.append(row.recommended.source)
        if row.recommended.low > row.recommended.high:
            yield f"{row.key} recommends an empty band"
    if not all(sources):
        yield f"{row.key} recommends what nobody published"


def _related_badly(row: Parameter) -> Iterator[str]:
    if unknown := set(row.related) - PARAMETERS.keys():
        yield f"{row.key} is related to {unknown}, which there is not"
    if row.key in row.related:
        yield f"{row.key} is related to itself"


def _unfit_for_a_slider(row: Parameter) -> Iterator[str]:
    if row.kind in (Kind.INTEGER, Kind.NUMBER):
        if row.low is None or row.high is None:
            yield f"{row.key} has no range"
        if not row.step:
            yield f"{row.key} has no step"
    if row.scale is Scale.LOG2 and any(stop <= 0 for stop in row.stops):
        yield f"{row.key} has a stop that its scale does not reach"


def _not_reaching_the_engine(row: Parameter) -> Iterator[str]:
    if row.applies is not Applies.RELOAD:
        return
    if not row.attributes and row.key not in WITHOUT_ATTRIBUTE:
        yield f"{row.key} does not reach the engine library"
    if not row.flags or not all(flag.startswith("--") for flag in row.flags):
        yield f"{row.key} has no flag"


def test_every_row_is_whole_and_at_one_with_itself() -> None:
    assert list(faults(ROWS)) == []


@pytest.mark.parametrize(
    ("key", "broken"),
    [
        ("temperature", {"stops": (0.0, 3.0)}),
        ("temperature", {"engine_default": 2.5}),
        ("temperature", {"recommended": Band(0.2, 2.8, "somebody")}),
        ("temperature", {"recommended": Band(0.8, 0.2, "somebody")}),
        ("temperature", {"recommendations": (Recommendation("chat", 0.5, ""),)}),
        ("temperature", {"related": ("top_q",)}),
        ("temperature", {"related": ("temperature",)}),
        ("temperature", {"help": "Randomness"}),
        ("temperature", {"high": None}),
        ("temperature", {"step": None}),
        ("n_ctx", {"stops": (0,)}),
        ("n_ctx", {"flags": ()}),
        ("n_ctx", {"attributes": ()}),
        ("flash_attn", {"bare": "yes"}),
    ],
)
def test_a_row_with_a_fault_would_be_found(key: str, broken: dict[str, object]) -> None:
    assert list(faults([replace(PARAMETERS[key], **broken)]))  # type: ignore[arg-type]


def test_what_the_specification_says_of_ranges_is_what_the_rows_say() -> None:
    for key, low, high in (
        ("temperature", 0.0, 2.0),
        ("top_p", 0.0, 1.0),
        ("frequency_penalty", -2.0, 2.0),
        ("presence_penalty", -2.0, 2.0),
    ):
        assert (PARAMETERS[key].low, PARAMETERS[key].high) == (low, high)


def test_what_users_of_llama_cpp_expect_is_there() -> None:
    expected = """top_k min_p typical_p repeat_penalty repeat_last_n dry_multiplier dry_base
    dry_allowed_length dry_penalty_last_n dry_sequence_breakers xtc_probability xtc_threshold
    mirostat mirostat_tau mirostat_eta logit_bias response_format reasoning_format reasoning_effort
    chat_template_kwargs ubatch_size cache_type_v tensor_split main_gpu rope_freq_base
    rope_freq_scale n_cpu_moe system_prompt"""
    assert set(expected.split()) <= PARAMETERS.keys()
