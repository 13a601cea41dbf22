"""Hundreds of damaged alias files, a hundred thousand in the soak: one kind of error, little work.

What both parsers read they read alike, and what was read can be written and read again.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from bodhi.aliases.reader import read_alias
from bodhi.aliases.yaml12 import decode, load, same_value
from bodhi.aliases.yaml12_write import dump
from bodhi.errors import AliasFileInvalid
from bodhi.params.values import Json
from tests.aliases.yaml_damage import WHOLES, damaged
from tests.support.barrage import SOAK_FAILURES, Limits, barrage, soak_seed

pytestmark = pytest.mark.threat("T19")

LIMITS = Limits(cpu_s=0.05, memory_bytes=16 * 2**20)
STEM = "llama3--instruct"


def read_and_judge(data: bytes) -> bool:
    """Whether the file is an alias."""
    try:
        read_alias(data, stem=STEM)
    except AliasFileInvalid:
        return False
    return True


def compare_readings(data: bytes, read: Callable[..., Json] = load) -> None:
    """Raises AssertionError where two ways of reading differ, and whatever else ``read`` raises."""
    readings: list[Json] = []
    for pure in (False, True):
        with suppress(AliasFileInvalid):
            readings.append(read(decode(data), pure=pure))
    if readings:
        assert same_value(readings[0], readings[-1]), "the parsers differ"
        if isinstance(readings[0], dict):
            with suppress(AliasFileInvalid):
                assert same_value(load(dump(readings[0])), readings[0]), "written otherwise"


def test_without_damage_each_of_them_is_an_alias() -> None:
    for data in WHOLES:
        read_alias(data, stem=STEM)
        compare_readings(data)


def test_no_damage_brings_another_error_or_costs_much(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    found = barrage(damaged(seed, 1_000), read_and_judge, LIMITS, keep_in=tmp_path)
    assert found.failures == [], f"seed {seed}"
    # Both outcomes must be common, or the damage is too coarse or too fine to tell anything.
    assert 1_000 * 0.05 < found.readable < 1_000 * 0.95


def test_no_damage_is_read_in_two_ways() -> None:
    seed = random.randrange(2**32)
    for data in damaged(seed, 300):
        compare_readings(data)


@pytest.mark.soak
def test_a_hundred_thousand_damages_bring_no_other_error_and_cost_little() -> None:
    count = 100_000
    seed = soak_seed("damaged alias files")
    kept = SOAK_FAILURES / f"yaml-{seed}"
    found = barrage(
        damaged(seed, count), read_and_judge, LIMITS, keep_in=kept, show_every=count // 20
    )
    assert found.failures == [], f"seed {seed}"


@pytest.mark.soak
def test_a_hundred_thousand_damages_are_not_read_in_two_ways() -> None:
    count = 100_000
    seed = soak_seed("damaged alias files, read by both parsers")
    for number, data in enumerate(damaged(seed, count)):
        try:
            compare_readings(data)
        except Exception as error:
            SOAK_FAILURES.mkdir(parents=True, exist_ok=True)
            kept = SOAK_FAILURES / f"yaml-{seed}-{number}"
            kept.write_bytes(data)
            raise AssertionError(f"{error} ({kept})") from error


def stock(data: bytes) -> bool:
    """PyYAML as it comes."""
    return yaml.safe_load(data) is not None


def eager(data: bytes) -> bool:
    """Copies what it read again and again."""
    return len(data * (LIMITS.memory_bytes // len(data) + 2)) > 0 if data else False


@pytest.mark.planted("T19")
@pytest.mark.parametrize(("careless", "finding"), [(stock, "Error: "), (eager, " MiB")])
def test_a_careless_reader_would_be_found(
    careless: Callable[[bytes], bool], finding: str, tmp_path: Path
) -> None:
    found = barrage(damaged(1, 50), careless, LIMITS, keep_in=tmp_path)
    assert any(finding in failure for failure in found.failures)


@pytest.mark.planted("T19")
def test_two_readings_of_one_file_would_be_found() -> None:
    def one_as_in_1_1(text: str, *, pure: bool) -> Json:
        return yaml.safe_load(text) if pure else load(text, pure=pure)

    with pytest.raises(AssertionError, match="the parsers differ"):
        compare_readings(b"a: no\n", one_as_in_1_1)
