"""Every rule has a case that raises it, one that does not, and a patch that really mends it."""

import json
import re
from dataclasses import replace
from typing import cast

import pytest

from bodhi.params.check import check_value
from bodhi.params.engine_options import engine_options
from bodhi.params.explain import Recipe, explain
from bodhi.params.findings import RULES, Finding, find, rules_as_json
from bodhi.params.merge import merge, request_recipe
from bodhi.params.registry import PARAMETERS
from bodhi.params.rules.rule import Rule, Severity
from bodhi.params.values import Json, JsonObject
from tests.params.finding_cases import CASES, VECTORS, Case, rules_of, vectors

IDS = [f"{case.rule}-{json.dumps(case.own)[:60]}" for case in CASES]


def found_in(
    case: Case, own: JsonObject | None = None, policy: JsonObject | None = None
) -> list[Finding]:
    recipe = case.recipe(own)
    if policy is not None:
        recipe = replace(recipe, request_policy=policy)
    return find(recipe, model=case.facts, machine=case.place)


def patched(case: Case, finding: Finding) -> tuple[JsonObject, JsonObject]:
    """What the alias sets, and its policy, once the patch is applied; each value is checked."""
    own, policy = dict(case.own), dict(case.policy)
    for edit in finding.patch:
        section, key = edit.path
        part = policy if section == "request_policy" else own
        if edit.value is None:
            del part[key]
        else:
            part[key] = check_value(PARAMETERS[key], edit.value, "/")
    return own, policy


def unmended(case: Case) -> list[str]:
    """What is found, of the rule or anew, once the patches of the rule are applied."""
    before = found_in(case)
    wrong = []
    for finding in before:
        if finding.code != case.rule:
            continue
        own, policy = patched(case, finding)
        explain(replace(case.recipe(own), request_policy=policy))  # it still serves
        known = {one.code for one in before} - {case.rule}
        wrong += [one.code for one in found_in(case, own, policy) if one.code not in known]
    return wrong


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_rule_is_raised_where_it_should_be_and_nowhere_else(case: Case) -> None:
    codes = [finding.code for finding in found_in(case)]
    assert (case.rule in codes) is case.is_raised


@pytest.mark.parametrize("case", [case for case in CASES if case.is_raised])
def test_its_patch_leaves_nothing_of_it_and_raises_nothing_new(case: Case) -> None:
    assert unmended(case) == []


def test_every_rule_has_a_case_of_both_kinds() -> None:
    for is_raised in (True, False):
        assert {rule.id for rule in RULES} == {c.rule for c in CASES if c.is_raised is is_raised}
    assert len({rule.id for rule in RULES}) >= 25
    assert len(CASES) >= 60


def test_a_patch_that_mends_nothing_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    case = next(case for case in CASES if case.rule == "threads_above_cores" and case.is_raised)
    (right,) = rules_of(case)
    for patch in ({"n_threads": 5}, {"n_threads_batch": 8}, {}):
        wrong = replace(right, patch=cast("JsonObject", patch))
        rules = tuple(wrong if rule is right else rule for rule in RULES)
        monkeypatch.setattr("bodhi.params.findings.RULES", rules)
        assert unmended(case) != [], patch


def test_a_patch_that_does_not_serve_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    case = next(case for case in CASES if case.rule == "context_beyond_trained" and case.is_raised)
    (right,) = rules_of(case)
    wrong = replace(right, patch={"n_ctx": 1})
    rules = tuple(wrong if rule is right else rule for rule in RULES)
    monkeypatch.setattr("bodhi.params.findings.RULES", rules)
    with pytest.raises(Exception, match="n_ctx must be"):
        unmended(case)


def test_an_alias_that_sets_nothing_has_no_findings() -> None:
    assert found_in(Case("", False, {})) == []


def test_what_a_rule_names_exists() -> None:
    known = {"model": set(CASES[0].facts), "machine": set(CASES[0].place)}
    for rule in RULES:
        named = _names(rule.when) + [name for tree in rule.patch.values() for name in _names(tree)]
        named += re.findall(r"\{(\w+)\.(\w+)\}", rule.message)
        for kind, name in [*named, *(("own", key) for key in (*rule.params, *rule.patch))]:
            assert name in known.get(kind, PARAMETERS), f"{rule.id}: {kind} {name}"
        assert not re.search(r"\{(?!(own|eff|model|machine)\.\w+\})", rule.message), rule.id


def _names(tree: Json) -> list[tuple[str, str]]:
    if not isinstance(tree, list):
        return []
    kinds = ("own", "eff", "set", "low", "high", "model", "machine")
    if tree and tree[0] in kinds:
        return [(tree[0], cast("str", tree[1]))]
    return [name for item in tree for name in _names(item)]


def test_messages_are_sentences_with_the_values_in_them() -> None:
    for case in CASES:
        for finding in found_in(case):
            assert finding.message.endswith(".")
            assert "None" not in finding.message
            assert "{" not in finding.message
    (found,) = found_in(Case("", True, {"n_threads": 8}))
    assert found.message == "8 threads on 4 cores hinder one another."
    assert (found.severity, found.fix) == (Severity.WARNING, "Unset Threads")


def test_a_value_that_is_enforced_goes_together_with_its_policy() -> None:
    case = Case("", True, {"temperature": 1, "top_p": 0.5}, {"top_p": "enforce"})
    (found,) = found_in(case)
    assert [edit.path for edit in found.patch] == [
        ("request_params", "top_p"), ("request_policy", "top_p"),
    ]  # fmt: skip


def test_rules_and_vectors_for_the_page_are_current() -> None:
    assert VECTORS.read_text(encoding="utf-8") == vectors() + "\n", (
        "run python -m tests.params.finding_cases"
    )
    assert len(json.loads(vectors())) >= 60
    assert json.loads(json.dumps(rules_as_json())) == rules_as_json()


def test_a_rule_of_which_nothing_is_set_is_not_even_looked_at() -> None:
    broken = Rule("x", Severity.INFO, ("top_k",), ["no such word"], "", "", {})
    assert find(Case("", False, {}).recipe(), rules=[]) == []
    with pytest.raises(KeyError):
        find(Case("", False, {"top_k": 1}).recipe(), rules=[broken])


_ASKED: tuple[JsonObject, ...] = (
    {},
    {"temperature": 0.3, "top_p": 0.4, "top_k": 7, "seed": 3},
    {"max_tokens": 16, "stop": ["X"], "temperature": 2},
    {"n_predict": 16, "max_completion_tokens": 100_000, "temperature": 0},
)


def changed_by_safe_patches(case: Case) -> list[str]:
    """Parameters that some request gets otherwise once patches that call themselves safe apply."""
    wrong = []
    for finding in found_in(case):
        if not finding.is_safe or finding.code != case.rule:
            continue
        own, policy = patched(case, finding)
        after = replace(case.recipe(own), request_policy=policy)
        for body in _ASKED:
            before_it, after_it = _sent(case.recipe(), body), _sent(after, body)
            keys = before_it.keys() | after_it.keys()
            wrong += [key for key in keys if before_it.get(key) != after_it.get(key)]
    return wrong


def _sent(recipe: Recipe, body: JsonObject) -> JsonObject:
    options = engine_options(
        recipe.context_params, trained_context=recipe.trained_context, cores=recipe.cores
    )
    merged = merge(
        body,
        request_recipe(
            recipe.request_params,
            recipe.request_policy,
            recipe.context_params,
            options.context_per_slot,
        ),
    )
    # An empty list of stop sequences is none, and one that is said twice is one.
    return {
        key: list(dict.fromkeys(map(str, value))) if isinstance(value, list) else value
        for key, value in merged.params.items()
        if value != []
    }


@pytest.mark.parametrize("case", [case for case in CASES if case.is_raised])
def test_a_patch_that_calls_itself_safe_changes_nothing_that_a_request_gets(case: Case) -> None:
    assert changed_by_safe_patches(case) == []


def test_a_patch_that_wrongly_calls_itself_safe_would_be_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = Case("temperature_with_top_p", True, {"temperature": 0.7, "top_p": 0.9})
    rules = tuple(replace(rule, is_safe=True) for rule in RULES)
    monkeypatch.setattr("bodhi.params.findings.RULES", rules)
    assert set(changed_by_safe_patches(case)) == {"top_p"}
