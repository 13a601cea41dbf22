"""A case that raises each rule and one, nearly the same, that does not; as vectors for the page.

``python -m tests.params.finding_cases`` writes ``finding_vectors.json`` beside it: the page's own
evaluation of the rules is tested with the same cases.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bodhi.params.explain import Recipe, explain
from bodhi.params.findings import RULES, Subject, effective_keys, finding_of, holds
from bodhi.params.parameter import Section
from bodhi.params.registry import PARAMETERS
from bodhi.params.rules.rule import Rule
from bodhi.params.values import Json, JsonObject

VECTORS = Path(__file__).with_name("finding_vectors.json")
MODEL: JsonObject = {
    "context_length": 4096,
    "size_bytes": 4 << 30,
    "eos_token": "</s>",
    "is_embedding_model": False,
}
MACHINE: JsonObject = {"cores": 4, "free_memory_bytes": 8 << 30}
EMBEDDING: JsonObject = {"is_embedding_model": True, "context_length": 1024}
LITTLE: JsonObject = {"free_memory_bytes": 1 << 30}
CLAMP: JsonObject = {"temperature": {"clamp": [0.2, 0.8]}, "top_k": {"clamp": [5, 10]}}


@dataclass(frozen=True)
class Case:
    """What an alias sets, on which model and machine, and whether the rule is raised."""

    rule: str
    is_raised: bool
    own: JsonObject
    policy: JsonObject = field(default_factory=dict)
    model: JsonObject = field(default_factory=dict)
    machine: JsonObject = field(default_factory=dict)

    @property
    def facts(self) -> JsonObject:
        return MODEL | self.model

    @property
    def place(self) -> JsonObject:
        return MACHINE | self.machine

    def recipe(self, own: Mapping[str, Json] | None = None) -> Recipe:
        """The case as a recipe, or one that differs in what it sets."""
        given = self.own if own is None else own
        trained = self.facts["context_length"]
        return Recipe(
            context_params=_of(Section.CONTEXT, given),
            request_params=_of(Section.REQUEST, given),
            request_policy=self.policy,
            trained_context=trained if isinstance(trained, int) else None,
            is_embedding_model=self.facts["is_embedding_model"] is True,
            cores=4,
        )

    def subject(self, keys: frozenset[str] | None = None) -> Subject:
        """What the rules are evaluated over, with the effective values of ``keys``."""
        told = explain(self.recipe(), keys=PARAMETERS if keys is None else keys)
        return Subject(
            own=self.own,
            eff={one.row.key: one.value for one in told},
            policy=self.policy,
            model=self.facts,
            machine=self.place,
        )


def _of(section: Section, given: Mapping[str, Json]) -> JsonObject:
    return {key: value for key, value in given.items() if PARAMETERS[key].section is section}


def raised(rule: str, **own: Json) -> Case:
    return Case(rule, True, own)


def quiet(rule: str, **own: Json) -> Case:
    return Case(rule, False, own)


CASES = (
    raised("temperature_with_top_p", temperature=0.7, top_p=0.9),
    quiet("temperature_with_top_p", temperature=0.7, top_p=1.0),
    quiet("temperature_with_top_p", temperature=0, top_p=0.9),
    Case("temperature_with_top_p", True, {"temperature": 1, "top_p": 0.5}, {"top_p": "enforce"}),
    raised("greedy_with_samplers", temperature=0, top_k=20),
    raised("greedy_with_samplers", temperature=0, top_p=0.5, min_p=0.1),
    quiet("greedy_with_samplers", temperature=0.1, top_k=20),
    quiet("greedy_with_samplers", temperature=0, typical_p=0.5),
    raised("seed_with_greedy", temperature=0, seed=7),
    raised("seed_with_greedy", temperature=0, n_seed=7),
    quiet("seed_with_greedy", temperature=0.2, seed=7),
    raised("temperature_high", temperature=1.8),
    quiet("temperature_high", temperature=1.5),
    raised("top_p_zero", top_p=0.0),
    quiet("top_p_zero", top_p=0.1),
    raised("min_p_one", min_p=1.0),
    quiet("min_p_one", min_p=0.99),
    raised("top_k_one", top_k=1, temperature=0.7),
    quiet("top_k_one", top_k=2, temperature=0.7),
    quiet("top_k_one", top_k=1),
    raised("mirostat_with_samplers", mirostat=2, top_k=40),
    quiet("mirostat_with_samplers", mirostat=0, top_k=40),
    quiet("mirostat_with_samplers", mirostat=2, temperature=0.7),
    raised("mirostat_off", mirostat_tau=4.0),
    quiet("mirostat_off", mirostat_tau=4.0, mirostat=2),
    raised("dry_off", dry_base=1.5, dry_sequence_breakers=["\n"]),
    quiet("dry_off", dry_base=1.5, dry_multiplier=0.8),
    raised("xtc_off", xtc_threshold=0.2),
    quiet("xtc_off", xtc_threshold=0.2, xtc_probability=0.5),
    raised("xtc_threshold_high", xtc_threshold=0.6, xtc_probability=0.5),
    quiet("xtc_threshold_high", xtc_threshold=0.5, xtc_probability=0.5),
    raised("repeat_penalty_rewards", repeat_penalty=0.9),
    quiet("repeat_penalty_rewards", repeat_penalty=1.0),
    raised("repeat_penalty_strong", repeat_penalty=2.0),
    quiet("repeat_penalty_strong", repeat_penalty=1.5),
    raised("two_penalties", repeat_penalty=1.1, frequency_penalty=0.5),
    raised("two_penalties", repeat_penalty=1.1, presence_penalty=0.5),
    quiet("two_penalties", repeat_penalty=1.1, frequency_penalty=0.0),
    quiet("two_penalties", repeat_penalty=1.0, frequency_penalty=0.5),
    raised("dry_with_repeat_penalty", dry_multiplier=0.8, repeat_penalty=1.1),
    quiet("dry_with_repeat_penalty", dry_multiplier=0.8, repeat_penalty=1.0),
    raised("penalties_without_window", repeat_last_n=0, frequency_penalty=0.5),
    quiet("penalties_without_window", repeat_last_n=64, frequency_penalty=0.5),
    quiet("penalties_without_window", repeat_last_n=0),
    Case("default_below_clamp", True, {"temperature": 0.1}, CLAMP),
    Case("default_below_clamp", False, {"temperature": 0.2}, CLAMP),
    Case("default_above_clamp", True, {"temperature": 0.9}, CLAMP),
    Case("default_above_clamp", True, {"top_k": 11}, CLAMP),
    Case("default_above_clamp", False, {"temperature": 0.8, "top_k": 10}, CLAMP),
    raised("max_tokens_beyond_context", max_tokens=5000),
    raised("max_tokens_beyond_context", max_tokens=3000, n_parallel=2),
    raised("max_tokens_beyond_context", max_tokens=1025, n_ctx=1024),
    quiet("max_tokens_beyond_context", max_tokens=3000, n_parallel=2, kv_unified=True),
    quiet("max_tokens_beyond_context", max_tokens=1024, n_ctx=1024),
    raised("n_predict_beyond_context", n_predict=5000),
    quiet("n_predict_beyond_context", n_predict=-1),
    raised("n_keep_beyond_context", n_keep=5000),
    quiet("n_keep_beyond_context", n_keep=24),
    raised("max_tokens_and_n_predict", max_tokens=64, n_predict=128),
    quiet("max_tokens_and_n_predict", n_predict=128),
    raised("seed_and_n_seed", seed=1, n_seed=2),
    quiet("seed_and_n_seed", n_seed=2),
    raised("stop_empty", stop=[]),
    quiet("stop_empty", stop=["END"]),
    raised("stop_repeated", stop=["A", "B", "A"]),
    quiet("stop_repeated", stop=["A", "B", "a"]),
    raised("stop_too_many", stop=["1", "2", "3", "4", "5"]),
    quiet("stop_too_many", stop=["1", "2", "3", "4"]),
    raised("stop_is_end_token", stop=["</s>"]),
    raised("stop_is_end_token", stop=["END", "</s>"]),
    quiet("stop_is_end_token", stop=["END"]),
    Case("stop_is_end_token", False, {"stop": ["</s>"]}, model={"eos_token": None}),
    raised("user_in_alias", user="somebody"),
    quiet("user_in_alias", temperature=0.5),
    raised("system_prompt_empty", system_prompt=""),
    quiet("system_prompt_empty", system_prompt="Be brief."),
    raised("context_beyond_trained", n_ctx=8192),
    raised("context_beyond_trained", n_ctx=16_384, n_parallel=2),
    raised("context_beyond_trained", n_ctx=8192, n_parallel=2, kv_unified=True),
    quiet("context_beyond_trained", n_ctx=8192, n_parallel=2),
    quiet("context_beyond_trained", n_ctx=8192, rope_scaling="yarn"),
    Case("context_beyond_trained", False, {"n_ctx": 8192}, model={"context_length": None}),
    raised("context_small", n_ctx=256),
    raised("context_small", n_ctx=1024, n_parallel=4),
    quiet("context_small", n_ctx=512),
    Case("context_small", False, {"n_ctx": 256}, model={"context_length": 256}),
    raised("threads_above_cores", n_threads=8),
    quiet("threads_above_cores", n_threads=4),
    raised("threads_batch_above_cores", n_threads_batch=8),
    quiet("threads_batch_above_cores", n_threads_batch=-1),
    raised("quantized_values_without_flash_attention", cache_type_v="q8_0", flash_attn="off"),
    quiet("quantized_values_without_flash_attention", cache_type_v="q8_0"),
    quiet("quantized_values_without_flash_attention", cache_type_v="f16", flash_attn="off"),
    raised("keys_at_four_bits", cache_type_k="q4_0"),
    quiet("keys_at_four_bits", cache_type_k="q8_0"),
    raised("batch_below_ubatch", batch_size=256),
    raised("batch_below_ubatch", batch_size=512, ubatch_size=1024),
    quiet("batch_below_ubatch", batch_size=256, ubatch_size=256),
    Case("texts_beyond_ubatch", True, {"ubatch_size": 256}, model=EMBEDDING),
    Case("texts_beyond_ubatch", False, {"ubatch_size": 1024}, model=EMBEDDING),
    quiet("texts_beyond_ubatch", ubatch_size=256),
    raised("unified_alone", kv_unified=True),
    quiet("unified_alone", kv_unified=True, n_parallel=2),
    raised("slots_without_batching", cont_batching=False, n_parallel=4),
    quiet("slots_without_batching", cont_batching=False),
    raised("rope_scaling_unneeded", rope_scaling="yarn"),
    raised("rope_scaling_unneeded", rope_scaling="linear", n_ctx=8192, n_parallel=2),
    quiet("rope_scaling_unneeded", rope_scaling="yarn", n_ctx=8192),
    quiet("rope_scaling_unneeded", rope_scaling="none"),
    raised("rope_scale_without_scaling", rope_scaling="none", rope_freq_scale=0.5),
    quiet("rope_scale_without_scaling", rope_freq_scale=0.5),
    raised("pooling_without_embeddings", pooling="mean"),
    quiet("pooling_without_embeddings", pooling="mean", embeddings=True),
    Case("pooling_without_embeddings", False, {"pooling": "mean"}, model=EMBEDDING),
    Case("sampling_of_embeddings", True, {"temperature": 0.5, "stop": ["x"]}, model=EMBEDDING),
    Case("sampling_of_embeddings", False, {"n_ctx": 512}, model=EMBEDDING),
    Case("embeddings_refused", True, {"embeddings": False}, model=EMBEDDING),
    quiet("embeddings_refused", embeddings=False),
    raised("main_gpu_unused", main_gpu=1),
    quiet("main_gpu_unused", main_gpu=1, split_mode="none"),
    raised("tensor_split_unused", tensor_split=[1, 2], split_mode="none"),
    quiet("tensor_split_unused", tensor_split=[1, 2]),
    raised("gpu_without_layers", gpu_layers=0, n_cpu_moe=4, split_mode="row"),
    quiet("gpu_without_layers", gpu_layers=1, split_mode="row"),
    Case("mlock_beyond_memory", True, {"mlock": True}, machine=LITTLE),
    quiet("mlock_beyond_memory", mlock=True),
    Case("mlock_beyond_memory", False, {"mlock": True}, machine={"free_memory_bytes": None}),
    Case("no_mmap_beyond_memory", True, {"no_mmap": True}, machine=LITTLE),
    quiet("no_mmap_beyond_memory", no_mmap=True),
)


def rules_of(case: Case) -> list[Rule]:
    """The rule that a case is about, or each of those that it was made into."""
    return [rule for rule in RULES if rule.id == case.rule and set(rule.params) & set(case.own)]


def vectors() -> str:
    """Every case as JSON, with what is to be found."""
    return json.dumps(
        [_vector(case, rule) for case in CASES for rule in rules_of(case) or _first(case)],
        indent=1,
        sort_keys=True,
        ensure_ascii=False,
    )


def _first(case: Case) -> list[Rule]:
    return [next(rule for rule in RULES if rule.id == case.rule)]


def _vector(case: Case, rule: Rule) -> JsonObject:
    subject = case.subject(effective_keys(rule))
    found = finding_of(rule, subject) if holds(rule.when, subject) else None
    return {
        "rule": rule.to_json(),
        "sections": {key: PARAMETERS[key].section.value for key in rule.patch},
        "subject": {
            "own": case.own,
            "eff": dict(subject.eff),
            "policy": case.policy,
            "model": case.facts,
            "machine": case.place,
        },
        "finding": None
        if found is None
        else {
            "message": found.message,
            "patch": [{"path": list(edit.path), "value": edit.value} for edit in found.patch],
        },
    }


if __name__ == "__main__":
    VECTORS.write_text(vectors() + "\n", encoding="utf-8")
