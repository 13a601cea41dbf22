"""Every request leaves one record that says how it ended, and what the engine counted."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bodhi.errors import AliasNotFound
from bodhi.gateway.meter import Meter, prompt_tokens, request_ids
from bodhi.gateway.serving import Serving
from bodhi.params.values import JsonObject
from bodhi.usage.activity import Activity
from bodhi.usage.model import Outcome, RequestRecord, Source
from tests.gateway.calling import Caller, serving
from tests.support.scripted_engine import END, STREAM, delta, event

pytestmark = pytest.mark.anyio
DONE = event(b"[DONE]") + END
Make = Callable[..., Caller]

TIMINGS: JsonObject = {
    "cache_n": 5, "prompt_n": 7, "prompt_ms": 3.0,
    "predicted_n": 3, "predicted_ms": 100.0, "predicted_per_second": 20.0,
}  # fmt: skip


class Clock:
    """A meter's two clocks; ``count`` goes on by a quarter of a second at every look."""

    def __init__(self) -> None:
        self.at = 1_000_000.0
        self.counted = 0.0

    def now(self) -> float:
        return self.at

    def count(self) -> float:
        self.counted += 0.25
        return self.counted


def metered() -> tuple[Meter, list[Any], Activity]:
    clock, activity = Clock(), Activity()
    records: list[Any] = []
    return Meter(activity, records.append, clock=clock.now, count=clock.count), records, activity


def finish(**timings: Any) -> JsonObject:
    return delta("e", "", "stop") | {"timings": TIMINGS | timings}


async def answering(body: JsonObject) -> AsyncIterator[bytes]:
    yield STREAM + event(delta("e", "a")) + event(delta("e", "b"))
    yield event(finish()) + DONE


@pytest.mark.parametrize("stream", [True, False])
async def test_a_finished_request_is_recorded_with_what_the_engine_counted(
    caller: Make, stream: bool
) -> None:
    meter, records, _ = metered()
    asked = caller(answering, meter=meter)
    await asked.post(stream=stream, user="ann", temperature=0.5, top_p=0.9)
    (record,) = records
    assert record == RequestRecord(
        request_id=dict(asked.messages[0]["headers"])[b"x-request-id"].decode(),
        started_at=1_000_000.0,
        uid="u1",
        alias='an "alias"',
        version=1,
        source=Source.USER,
        model="a/b:F32",
        template=None,
        endpoint="/v1/chat/completions",
        outcome=Outcome.FINISHED,
        status=200,
        error=None,
        prompt_tokens=12,
        cached_tokens=5,
        completion_tokens=3,
        first_token_ms=250.0,
        duration_ms=500.0,
        generation_ms=100.0,
        tokens_per_s=20.0,
        overridden=("temperature", "top_p"),
        user="ann",
        key_id=None,
    )


async def test_a_stream_without_include_usage_is_counted_and_gets_no_usage(caller: Make) -> None:
    meter, records, _ = metered()
    asked = caller(answering, meter=meter)
    await asked.post(stream=True)
    assert "stream_options" not in asked.launcher.requests[0]
    assert b'"usage"' not in asked.body
    assert records[0].completion_tokens == 3


async def test_the_tokens_of_several_choices_are_added_and_their_prompt_is_not(
    caller: Make,
) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield STREAM + event(finish(predicted_per_second=30.0)) + event(delta("e", "b"))
        yield event(finish()) + DONE

    meter, records, _ = metered()
    await caller(script, meter=meter, served=serving(slots=2)).post(stream=True, n=2)
    assert (records[0].prompt_tokens, records[0].completion_tokens) == (12, 6)
    assert records[0].tokens_per_s == 25.0


async def test_a_server_that_sends_usage_alone_is_counted_by_it(caller: Make) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield STREAM + event(delta("e", "a") | {"usage": None})
        usage: JsonObject = {"prompt_tokens": 4, "completion_tokens": 9}
        usage["prompt_tokens_details"] = {"cached_tokens": 1}
        yield event({"choices": [], "usage": usage}) + DONE

    meter, records, _ = metered()
    await caller(script, meter=meter).post(stream=True)
    record = records[0]
    assert (record.prompt_tokens, record.cached_tokens, record.completion_tokens) == (4, 1, 9)
    assert (record.generation_ms, record.tokens_per_s) == (250.0, 32.0)


@pytest.mark.parametrize("nonsense", [-1, True, "many", None, 1.5])
async def test_a_count_that_is_none_is_not_recorded(caller: Make, nonsense: Any) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield STREAM + event({"choices": [], "usage": {"completion_tokens": nonsense}}) + DONE

    meter, records, _ = metered()
    await caller(script, meter=meter).post(stream=True)
    assert records[0].completion_tokens is None


@pytest.mark.parametrize(
    ("stream", "outcome", "status"),
    [(True, Outcome.INTERRUPTED, 200), (False, Outcome.FAILED, 502)],
)
async def test_an_engine_that_fails_late_is_told_apart_by_what_the_caller_got(
    caller: Make, stream: bool, outcome: Outcome, status: int
) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield STREAM + event(delta("e", "a"))
        yield event({"error": {"code": 500, "message": "out of luck"}}) + END

    meter, records, _ = metered()
    await caller(script, meter=meter).post(stream=stream)
    record = records[0]
    assert (record.outcome, record.status, record.error) == (outcome, status, "engine_failure")
    assert record.completion_tokens is None


async def test_a_request_that_is_refused_names_the_alias_once_it_is_known(caller: Make) -> None:
    meter, records, activity = metered()
    asked = caller(answering, meter=meter)
    await asked.post(temperature="hot")
    await asked.post(messages=[])
    known, unknown = records
    assert (known.uid, known.outcome, known.status) == ("u1", Outcome.REFUSED, 400)
    assert (unknown.uid, unknown.source, unknown.error) == ("", Source.NONE, "parameter_invalid")
    assert activity.all_in_flight == {}


async def test_a_name_that_nothing_has_is_recorded_without_it(caller: Make) -> None:
    meter, records, activity = metered()
    asked = caller(answering, meter=meter)

    async def find(name: str) -> Serving:
        raise AliasNotFound("No alias or model has this name.")

    asked.gateway._servings.find = find  # type: ignore[method-assign]
    await asked.post(model="a secret that was pasted here")
    assert (records[0].status, records[0].error) == (404, "model_not_found")
    assert "secret" not in repr(records)
    assert activity.last_used("") is None


async def test_a_crash_before_the_first_byte_is_one_request(caller: Make) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        if len(asked.launcher.processes) == 1:
            yield STREAM + event(delta("e", "a"))
            asked.launcher.processes[-1].end(-9)
            return
        yield STREAM + event(finish()) + DONE

    meter, records, _ = metered()
    asked = caller(script, meter=meter)
    await asked.post()
    (record,) = records
    assert (record.outcome, record.completion_tokens) == (Outcome.FINISHED, 3)
    assert record.first_token_ms == 500.0, "of the answer that the caller got"


async def test_a_request_for_which_the_files_are_looked_at_again_is_one_and_is_over(
    caller: Make, tmp_path: Path
) -> None:
    file = tmp_path / "m.gguf"
    file.write_bytes(b"another")
    served = serving()
    served = replace(served, spec=replace(served.spec, files=((file, "what was here"),)))
    meter, records, activity = metered()
    await caller(answering, served=served, meter=meter).post()
    (record,) = records
    assert (record.uid, record.outcome, record.status) == ("u1", Outcome.REFUSED, 409)
    assert activity.all_in_flight == {}


@pytest.mark.parametrize("stream", [True, False])
async def test_a_caller_who_leaves_is_recorded_as_gone_and_no_longer_in_flight(
    caller: Make, stream: bool
) -> None:
    begun = asyncio.Event()

    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield STREAM + event(delta("e", "a"))
        begun.set()
        await asyncio.sleep(30)

    meter, records, activity = metered()
    asked = caller(script, meter=meter)
    work = asyncio.create_task(asked.post(stream=stream))
    await begun.wait()
    assert activity.in_flight("u1") == 1
    assert asked.leave
    asked.leave()
    await asyncio.wait_for(work, 1)
    assert [(record.outcome, record.status) for record in records] == [(Outcome.LEFT, None)]
    assert activity.in_flight("u1") == 0
    assert activity.last_used("u1") == 1_000_000.0


async def test_a_request_that_the_servers_end_cuts_off_has_failed(caller: Make) -> None:
    begun = asyncio.Event()

    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield STREAM + event(delta("e", "a"))
        begun.set()
        await asyncio.sleep(30)

    meter, records, _ = metered()
    work = asyncio.create_task(caller(script, meter=meter).post(stream=True))
    await begun.wait()
    work.cancel()
    await asyncio.wait({work})
    assert (records[0].outcome, records[0].error) == (Outcome.FAILED, "shutting_down")


async def test_what_the_alias_says_already_is_no_override(caller: Make) -> None:
    meter, records, _ = metered()
    asked = caller(answering, meter=meter, served=serving(temperature=0.5, top_k=40))
    await asked.post(temperature=0.5, top_k=20, seed=1, user="ann", nonsense=2)
    assert records[0].overridden == ("seed", "top_k")


@pytest.mark.parametrize(
    ("body", "tokens"),
    [
        (b'{"model":"e","usage":{"prompt_tokens":8,"total_tokens":8},"data":[]}', 8),
        (b'{"data":[1.5],"usage":{"prompt_tokens": 12}}', 12),
        (b'{"data":[]}', None),
        (b'{"usage":{"prompt_tokens":null}}', None),
    ],
)
async def test_the_tokens_of_embeddings_are_found_without_parsing(
    body: bytes, tokens: int | None
) -> None:
    assert prompt_tokens(body) == tokens


def test_the_ids_of_requests_are_in_order_and_never_the_same() -> None:
    made = list(itertools.islice(request_ids(), 10_000))
    assert made == sorted(set(made))
    assert {len(one) for one in made} == {16}
