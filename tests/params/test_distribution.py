"""The picture of a distribution beside the samplers: its reference, which the page is held to."""

import math

import pytest

from tests.params.distribution_reference import FILE, LOGITS, chances, text


def test_the_shared_cases_are_what_the_reference_says() -> None:
    assert FILE.read_text(encoding="utf-8") == text()


@pytest.mark.parametrize("temperature", [0, 0.2, 1, 2])
def test_chances_sum_to_one_and_keep_their_order(temperature: float) -> None:
    found = chances(temperature, 0, 1, 0)
    assert math.isclose(math.fsum(found), 1)
    assert found == sorted(found, reverse=True)


def test_without_any_parameter_it_is_the_softmax() -> None:
    whole = math.fsum(math.exp(one) for one in LOGITS)
    for found, logit in zip(chances(1, 0, 1, 0), LOGITS, strict=True):
        assert math.isclose(found, math.exp(logit) / whole)


def test_less_temperature_gives_the_likeliest_more() -> None:
    shares = [chances(temperature, 0, 1, 0)[0] for temperature in (2, 1, 0.2, 0)]
    assert shares == sorted(shares)
    assert shares[-1] == 1
