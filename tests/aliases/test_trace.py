"""A trace tells what a request would get, what lost and why, also where it would get nothing."""

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from unittest import mock

import pytest

from bodhi.aliases.check import Checker
from bodhi.aliases.entry import all_entries, model_alias_id, model_by_alias_id
from bodhi.aliases.resolve import resolve
from bodhi.aliases.store import AliasStore
from bodhi.aliases.trace import Trace, trace
from bodhi.chat_templates.sources import TemplatePlaces
from bodhi.engine.contract import Remote
from bodhi.errors import BodhiError, RemoteNotFound
from bodhi.model_files.index import Catalogue, ModelIndex
from tests.aliases.samples import alias_text, open_store, write_file
from tests.support.hub import place_in_hub

MAIN = "a" * 40


@pytest.fixture
def hub(tmp_path: Path, tiny_model: Path) -> Path:
    """Two quantizations of one repository, one of another."""
    cache = tmp_path / "hub"
    for repo, file in [
        ("us/two-GGUF", "two.Q4_0.gguf"),
        ("us/two-GGUF", "two.Q8_0.gguf"),
        ("us/one-GGUF", "one.Q8_0.gguf"),
    ]:
        place_in_hub(cache, repo, file, tiny_model, snapshot=MAIN, refs={"main": MAIN})
    return cache


@pytest.fixture
def catalogue(hub: Path) -> Catalogue:
    return ModelIndex(hub).scan()


@pytest.fixture
def store(tmp_path: Path) -> AliasStore:
    one = {"repo": "us/one-GGUF", "filename": "one.Q8_0.gguf"}
    write_file(tmp_path, "good--one", alias_text("good:one", **one))
    write_file(tmp_path, "gone", alias_text("gone"))
    write_file(tmp_path, "broken", "alias: [")
    write_file(tmp_path, "us--one-GGUF--Q8_0", alias_text("us/one-GGUF:Q8_0", **one))
    write_file(tmp_path, "us--two-GGUF", alias_text("us/two-GGUF", **one))
    return open_store(tmp_path)


Tell = Callable[[str], Trace]


@pytest.fixture
def tell(store: AliasStore, catalogue: Catalogue) -> Tell:
    return lambda name: trace(name, store, catalogue)


def test_a_user_alias_is_traced_to_its_model_file(tell: Tell, hub: Path) -> None:
    told = tell("good:one")
    assert told.matched
    assert told.model
    assert (told.matched.id, told.model.id) == ("good--one", "us/one-GGUF:Q8_0")
    assert told.model.path.is_relative_to(hub)
    looked_at = [step.looked_at for step in told.steps]
    assert looked_at == ["downloaded models", "user aliases", "model file"]
    assert (told.losers, told.findings, told.error) == ((), (), None)


def test_a_model_wins_over_an_alias_of_its_name_and_the_trace_says_so(tell: Tell) -> None:
    told = tell("us/one-GGUF:Q8_0")
    assert told.matched
    assert told.matched.id == "us~one-GGUF~Q8_0"
    assert [loser.entry.id for loser in told.losers] == ["us--one-GGUF--Q8_0"]
    assert [finding.code for finding in told.findings] == ["shadowed"]


def test_an_alias_wins_over_the_shorthand_for_a_repository(tell: Tell) -> None:
    told = tell("us/two-GGUF")
    assert told.matched
    assert told.matched.id == "us--two-GGUF"
    assert {loser.entry.name for loser in told.losers} == {"us/two-GGUF:Q4_0", "us/two-GGUF:Q8_0"}


def test_an_ambiguous_shorthand_names_its_candidates(
    tell: Tell, store: AliasStore, catalogue: Catalogue
) -> None:
    store.delete("us--two-GGUF", if_etag=None)
    told = tell("us/two-GGUF")
    assert told.matched is None
    assert told.error
    assert told.error.code == "name_ambiguous"
    assert len(told.losers) == 2


@pytest.mark.parametrize(
    ("name", "code", "matched"),
    [
        ("gone", "model_file_missing", "gone"),
        ("broken", "alias_broken", "broken"),
        ("nothing", "model_not_found", None),
        ("good:one@9", "model_not_found", "good--one"),
        ("", "model_not_found", None),
        ("\x00/../x", "model_not_found", None),
    ],
)
def test_a_name_that_leads_nowhere_is_traced_as_far_as_it_leads(
    tell: Tell, name: str, code: str, matched: str | None
) -> None:
    told = tell(name)
    assert told.error
    assert told.error.code == code
    assert (told.matched.id if told.matched else None) == matched
    assert told.model is None
    assert told.steps[0].looked_at == "downloaded models"


def test_a_trace_is_what_a_request_would_get(store: AliasStore, catalogue: Catalogue) -> None:
    names = [entry.name for entry in all_entries(store, catalogue)]
    for name in [*names, "us/one-GGUF", "nothing", "good:one@1", "us/one-GGUF:q8_0"]:
        told = trace(name, store, catalogue)
        if told.error is not None:
            with pytest.raises(BodhiError) as refused:
                resolve(name, store, catalogue)
            assert str(refused.value) == str(told.error)
        else:
            found = resolve(name, store, catalogue)
            assert told.matched
            assert (told.matched.name, told.model) == (found.name, found.model)
            assert told.steps == found.steps


def test_every_model_has_an_id_of_its_own_that_leads_back_to_it(catalogue: Catalogue) -> None:
    ids = {model_alias_id(row): row for row in catalogue.rows}
    assert len(ids) == len(catalogue.rows) == 3
    assert all(model_by_alias_id(one, catalogue) is row for one, row in ids.items())
    for nobody in ("", "~", "us~one-GGUF", "us/one-GGUF:Q8_0", "us~one-GGUF~Q4_0"):
        assert model_by_alias_id(nobody, catalogue) is None


def test_the_state_of_an_alias_says_what_a_request_would_be_told(
    store: AliasStore, catalogue: Catalogue, hub: Path, tmp_path: Path
) -> None:
    """Shadowed aliases aside: a request by their name gets the model."""
    checker = Checker(TemplatePlaces(hub, hub), cores=2)
    one = {"repo": "us/one-GGUF", "filename": "one.Q8_0.gguf"}
    slots = "context_params: {n_ctx: 64, n_parallel: 8}\n"
    write_file(tmp_path, "slots", alias_text("slots", **one) + slots)
    write_file(tmp_path, "typo", alias_text("typo", **one, chat_template="lama3"))
    write_file(tmp_path, "away", alias_text("away", **one, chat_template="us/away"))
    store.reload()
    states = {
        entry.id: error.code if (error := checker.error_of(entry, catalogue)) else None
        for entry in all_entries(store, catalogue)
    }
    assert states == {
        "away": "template_missing",
        "broken": "alias_broken",
        "gone": "model_file_missing",
        "good--one": None,
        "slots": "parameter_invalid",
        "typo": "parameter_invalid",
        "us--one-GGUF--Q8_0": None,
        "us--two-GGUF": None,
        "us~one-GGUF~Q8_0": None,
        "us~two-GGUF~Q4_0": None,
        "us~two-GGUF~Q8_0": None,
    }


def test_an_alias_that_breaks_says_that_its_last_good_recipe_serves(
    store: AliasStore, catalogue: Catalogue, hub: Path, tmp_path: Path
) -> None:
    write_file(tmp_path, "good--one", "alias: [")
    store.reload()
    entry = next(e for e in all_entries(store, catalogue) if e.id == "good--one")
    error = Checker(TemplatePlaces(hub, hub), cores=2).error_of(entry, catalogue)
    assert error
    assert "last serves" in str(error.remedy)
    assert trace("good:one", store, catalogue).error is None


def test_an_alias_of_a_remote_is_traced_to_it_and_needs_it_in_the_settings(
    store: AliasStore, catalogue: Catalogue, hub: Path, tmp_path: Path
) -> None:
    write_file(tmp_path, "far", alias_text("far", repo="remote:office", filename="big"))
    store.reload()
    told = trace("far", store, catalogue)
    assert told.matched
    assert (told.matched.id, told.model, told.error) == ("far", None, None)
    assert (told.steps[-1].looked_at, told.steps[-1].found) == ("remotes", "office, its model big")
    remotes = {"office": Remote("office", "h", 1, True, "/v1", None, 1)}
    places = TemplatePlaces(hub, hub)
    assert Checker(places, cores=2, remotes=remotes).error_of(told.matched, catalogue) is None
    error = Checker(TemplatePlaces(hub, hub), cores=2).error_of(told.matched, catalogue)
    assert isinstance(error, RemoteNotFound)


def test_among_thousands_of_names_few_are_compared_with_a_wrong_one(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    """Requests for nothing must not keep the event loop: comparing ten thousand takes 0.1 s."""
    for number in range(1000):
        write_file(tmp_path, f"n--{number}", alias_text(f"n:{number}"))
    write_file(tmp_path, "llama3--chat", alias_text("llama3:chat"))
    store = open_store(tmp_path)
    with mock.patch("bodhi.aliases.resolve.get_close_matches", wraps=get_close_matches) as compare:
        told = trace("llama3:caht", store, catalogue)
        assert told.error
        assert told.error.remedy == "Did you mean llama3:chat?"
        trace("n:99x", store, catalogue)
    assert max(len(call.args[1]) for call in compare.call_args_list) <= 300
