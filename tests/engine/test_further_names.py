"""What an engine is started with beside the specified names: each to be seen in the real engine.

The parameters of a request are in ``test_request_rows.py``, the specified names in
``test_specified_names.py``; together they are the whole registry.
"""

import json
from pathlib import Path

import pytest

from bodhi.params.parameter import Section
from bodhi.params.registry import PARAMETERS
from bodhi.params.values import Json
from tests.engine.laboratory import subject
from tests.engine.observing import Observation, arrives, printed
from tests.engine.plain_http import ask
from tests.engine.test_specified_names import OBSERVED

pytestmark = pytest.mark.anyio


async def answers_embeddings(model: Path, name: str) -> None:
    async with subject(model, {name: True, "pooling": "mean"}) as engine:
        status, _ = await ask(engine.process.address, "/v1/embeddings", {"input": "hello"})
        assert status == 200
    async with subject(model, {"pooling": "mean"}) as engine:
        status, _ = await ask(engine.process.address, "/v1/embeddings", {"input": "hello"})
        assert status != 200


async def other_vectors(model: Path, name: str) -> None:
    async def vector(kind: str) -> Json:
        async with subject(model, {"embeddings": True, name: kind}) as engine:
            body: Json = {"input": "hello my friend"}
            _, raw = await ask(engine.process.address, "/v1/embeddings", body)
            found: Json = json.loads(raw)["data"][0]["embedding"]
            return found

    assert await vector("mean") != await vector("last")


async def said_of_answers(model: Path, name: str) -> None:
    async with subject(model, {name: "none"}) as engine:
        assert (await engine.settings({}))[name] == "none"
    async with subject(model) as engine:
        assert (await engine.settings({}))[name] == "deepseek"


async def not_for_this_model(model: Path, name: str) -> None:
    """The engine itself says that a model without sliding windows has no use for it."""
    async with subject(model, {name: True}) as engine:
        await engine.printed(r"(swa_full) is not supported by this model")


FURTHER: dict[str, Observation] = {
    "n_threads_batch": printed(2, r"n_threads_batch = (\d+)", "2"),
    "ubatch_size": printed(64, r"llama_context: n_ubatch +\s*= (\d+)", "64"),
    "cont_batching": arrives(False, lambda settings: settings.cont_batching is False),
    "embeddings": answers_embeddings,
    "pooling": other_vectors,
    "reasoning_format": said_of_answers,
    "rope_freq_base": printed(20_000, r"llama_context: freq_base +\s*= ([\d.]+)", "20000.0"),
    "rope_freq_scale": printed(0.5, r"llama_context: freq_scale +\s*= ([\d.]+)", "0.5"),
    "cache_type_v": printed("bf16", r"V \((\w+)\)", "bf16"),
    "cache_ram": printed(64, r"prompt cache is enabled, size limit: (\d+) MiB", "64"),
    "kv_unified": printed(True, r"llama_context: kv_unified +\s*= (\w+)", "true"),
    "swa_full": not_for_this_model,
    "main_gpu": arrives(1, lambda settings: settings.main_gpu == 1),
    "tensor_split": arrives([1, 2], lambda settings: settings.tensor_split[:2] == [1.0, 2.0]),
    "n_cpu_moe": arrives(1, lambda settings: "blk" in str(settings.tensor_buft_overrides)),
}
NAMES = [
    pytest.param(key, name, id=name)
    for key in FURTHER
    for name in (key, *PARAMETERS[key].spellings)
]


def test_nothing_that_an_engine_is_started_with_is_left_out() -> None:
    context = {key for key, row in PARAMETERS.items() if row.section is Section.CONTEXT}
    assert context == set(FURTHER) | (set(OBSERVED) & context)


@pytest.mark.parametrize(("key", "name"), NAMES)
async def test_what_is_said_is_seen_in_the_engine(key: str, name: str, tiny_model: Path) -> None:
    await FURTHER[key](tiny_model, name)
