"""One derivation of states: every combination, and which word wins."""

from itertools import product
from typing import get_args

from bodhi.aliases.model import AliasSource
from bodhi.aliases.query import STATES
from bodhi.aliases.state import State, state_of
from bodhi.errors import ModelFileMissing

USER, MODEL = AliasSource.USER, AliasSource.MODEL
RANKED = ["error", "testing", "modified", "draft", "published"]


def states(source: AliasSource) -> set[str]:
    """Every state that this source can have."""
    errors, flags = (None, ModelFileMissing("It is gone.")), (False, True)
    return {
        state_of(source, error, has_draft=draft, is_published=published, in_trial=trial)
        for error, draft, published, trial in product(errors, flags, flags, flags)
    }


def test_a_user_alias_can_have_every_state() -> None:
    assert states(USER) == set(RANKED) == set(get_args(State)) == set(STATES)


def test_a_model_is_published_tested_or_in_error() -> None:
    assert states(MODEL) == {"published", "testing", "error"}


def test_each_state_wins_over_those_behind_it() -> None:
    gone = ModelFileMissing("It is gone.")
    reasons = {"has_draft": True, "in_trial": True}
    assert state_of(USER, gone, **reasons) == "error"
    assert state_of(USER, None, **reasons) == "testing"
    assert state_of(USER, None, has_draft=True) == "modified"
    assert state_of(USER, None, has_draft=True, is_published=False) == "draft"
    assert state_of(USER, None) == "published"
