"""Each of the 25 parameters of the specification, under each of its names, against the engine.

Whatever is said of one of them is either to be seen in the real engine (what it prints of its
load, its properties, its answer) or refused by name.
"""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bodhi.engine.contract import UnixAddress
from bodhi.errors import EngineLoadFailed, UnsupportedByEngine
from bodhi.params.parameter import Section
from bodhi.params.registry import find
from bodhi.params.values import Json
from tests.engine.laboratory import Subject, subject
from tests.engine.observing import Observation, arrives, printed

pytestmark = pytest.mark.anyio

REQUEST = "temperature top_p frequency_penalty presence_penalty max_tokens stop seed user".split()
CONTEXT = "n_threads n_ctx n_parallel n_predict n_keep n_seed".split()
COMMON = "threads ctx-size predict batch-size flash-attn rope-scaling cache-type-k parallel".split()
GPU = "device gpu-layers split-mode".split()
SYSTEM = "mlock no-mmap timeout cache-reuse".split()


def generated_with(value: Json, key: str, wanted: Json) -> Observation:
    """The engine names ``wanted`` among what it generated an answer with, unset something else."""

    async def observe(model: Path, name: str) -> None:
        async with subject(model) as engine:
            assert (await engine.settings({name: value}))[key] == pytest.approx(wanted)
            assert (await engine.settings({}))[key] != pytest.approx(wanted)

    return observe


def context_generated_with(value: Json, key: str, wanted: Json) -> Observation:
    """The same of a context parameter that travels with a request."""

    async def observe(model: Path, name: str) -> None:
        async with subject(model, {name: value}) as engine:
            assert (await engine.settings({}))[key] == wanted
            plain = replace(engine, context_params={})
            assert (await plain.settings({}))[key] != wanted

    return observe


async def slots(model: Path, name: str) -> None:
    async with subject(model, {name: 2, "n_ctx": 512}) as engine:
        assert await engine.property("total_slots") == 2


async def ended_by_stop(model: Path, name: str) -> None:
    async with subject(model) as engine:
        whole = (await engine.answer({"seed": 1, "max_tokens": 12}))["__verbose"]["content"]
        ended = await engine.answer({"seed": 1, "max_tokens": 12, name: whole[5:8]})
        assert ended["__verbose"]["content"] == whole[: whole.index(whole[5:8])]
        assert ended["choices"][0]["finish_reason"] == "stop"


async def kept_from_the_engine(model: Path, name: str) -> None:
    async with subject(model) as engine:
        asked = await engine.answer({"seed": 1})
        with_user = await engine.answer({"seed": 1, name: "someone"})
        assert with_user["__verbose"]["content"] == asked["__verbose"]["content"]


async def positions_mapped(model: Path, name: str) -> None:
    async def likelihoods(kind: str) -> Json:
        async with subject(model, {name: kind, "rope_freq_scale": 0.25}) as engine:
            answer = await engine.completion("hello my friend of the house", n_probs=3)
            first: Json = answer["completion_probabilities"][0]["top_logprobs"]
            return first

    assert await likelihoods("linear") != await likelihoods("yarn")
    assert await likelihoods("linear") == await likelihoods("linear")


async def refused_by_name(model: Path, name: str) -> None:
    with pytest.raises(UnsupportedByEngine) as refused:
        async with subject(model, {name: "CUDA0"}):
            pass
    assert refused.value.pointer == "/context_params/device"
    assert refused.value.remedy


async def nothing_to_split(model: Path, name: str) -> None:
    """The engine itself says that it has no processors to divide the model between."""
    with pytest.raises(EngineLoadFailed, match="SPLIT_MODE_TENSOR"):
        async with subject(model, {name: "tensor"}):
            pass
    async with subject(model, {name: "none"}):
        pass


async def gives_up_on_a_silent_caller(model: Path, name: str) -> None:
    async with subject(model, {name: 1}) as engine:
        address = engine.process.address
        assert isinstance(address, UnixAddress)
        reader, writer = await asyncio.open_unix_connection(str(address.path))
        started = time.monotonic()
        writer.write(b"POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        await reader.read()
        writer.close()
        assert time.monotonic() - started < 10  # unset, it would be an hour


async def later_pieces_reused(model: Path, name: str) -> None:
    async def reused(engine: Subject) -> int:
        first, gone, last = "one two three ", "the moon and the sun ", "my friend of the house"
        await engine.completion(first + gone + last)
        count: int = (await engine.completion(first + last))["timings"]["cache_n"]
        return count

    async with subject(model, {name: 1}) as engine:
        with_reuse = await reused(engine)
    async with subject(model) as engine:
        assert with_reuse > await reused(engine)


OBSERVED: dict[str, Observation] = {
    "temperature": generated_with(0.3, "temperature", 0.3),
    "top_p": generated_with(0.5, "top_p", 0.5),
    "frequency_penalty": generated_with(0.4, "frequency_penalty", 0.4),
    "presence_penalty": generated_with(-0.4, "presence_penalty", -0.4),
    "max_tokens": generated_with(7, "max_tokens", 7),
    "stop": ended_by_stop,
    "seed": generated_with(11, "seed", 11),
    "user": kept_from_the_engine,
    "n_threads": printed(2, r"system_info: n_threads = (\d+)", "2"),
    "n_ctx": printed(512, r"llama_context: n_ctx +\s*= (\d+)", "512"),
    "n_parallel": slots,
    "n_predict": context_generated_with(9, "n_predict", 9),
    "n_keep": context_generated_with(24, "n_keep", 24),
    "n_seed": context_generated_with(12, "seed", 12),
    "batch_size": printed(64, r"llama_context: n_batch +\s*= (\d+)", "64"),
    "flash_attn": printed("off", r"llama_context: flash_attn +\s*= (\w+)", "disabled"),
    "rope_scaling": positions_mapped,
    "cache_type_k": printed("bf16", r"K \((\w+)\)", "bf16"),
    "device": refused_by_name,
    "gpu_layers": arrives(1, lambda settings: settings.n_gpu_layers == 1),
    "split_mode": nothing_to_split,
    "mlock": printed(True, r"\(load_mode = ([\w+]+)\)", "mmap+mlock"),
    "no_mmap": printed(True, r"\(load_mode = ([\w+]+)\)", "none"),
    "timeout": gives_up_on_a_silent_caller,
    "cache_reuse": later_pieces_reused,
}


def key_of(name: str) -> str:
    section = Section.REQUEST if name in REQUEST else Section.CONTEXT
    return find(name, section, "/x")[0].key


NAMES = [*REQUEST, *CONTEXT, *COMMON, *GPU, *SYSTEM]


def test_the_specification_names_25_parameters_29_times_and_all_are_observed() -> None:
    assert len(NAMES) == 29
    assert {key_of(name) for name in NAMES} == set(OBSERVED)
    assert len(OBSERVED) == 25


@pytest.mark.parametrize("name", NAMES)
async def test_what_is_said_is_seen_in_the_engine_or_refused(name: str, tiny_model: Path) -> None:
    await OBSERVED[key_of(name)](tiny_model, name)


@pytest.mark.parametrize("name", ["n_ctx", "temperature", "n_keep"])
async def test_a_parameter_that_goes_nowhere_would_be_noticed(
    name: str, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.engine.laboratory.read_context_params", lambda raw: {})
    monkeypatch.setattr("tests.engine.laboratory.read_request_params", lambda raw: {})
    with pytest.raises(AssertionError):
        await OBSERVED[name](tiny_model, name)
