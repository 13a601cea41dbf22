"""The data plane over an engine that a test scripts: names, errors, leaving, and hostile bytes."""

import asyncio
from collections.abc import AsyncIterator, Callable

import orjson
import pytest

from bodhi.gateway.engine_stream import EngineStream
from bodhi.gateway.serving import Serving
from bodhi.params.values import JsonObject
from tests.gateway.calling import Caller, serving
from tests.support.garbage import uncollected
from tests.support.scripted_engine import (
    END,
    STREAM,
    ScriptedLauncher,
    chunked,
    delta,
    event,
)

pytestmark = pytest.mark.anyio
DONE = event(b"[DONE]") + END


def name_of(launcher: ScriptedLauncher) -> str:
    return launcher.processes[-1].engine_id


Make = Callable[..., Caller]


async def test_every_event_carries_the_aliass_name_and_no_header_of_the_engines(
    caller: Make,
) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield STREAM + event(delta(name_of(asked.launcher), "a"))
        yield event(delta(name_of(asked.launcher), "b", "stop")) + DONE

    asked = caller(script)
    await asked.post(stream=True)
    *events, done, rest = asked.body.split(b"\n\n")
    assert [orjson.loads(e[6:])["model"] for e in events] == ['an "alias"'] * 2
    assert (done, rest) == (b"data: [DONE]", b"")
    headers = dict(asked.messages[0]["headers"])
    assert headers[b"x-bodhi-alias"] == b'an "alias"@1'
    assert b"access-control-allow-origin" not in headers


async def test_a_caller_without_stream_gets_one_piece_from_a_streaming_engine(
    caller: Make,
) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        assert body["stream"] is True
        assert body["stream_options"] == {"include_usage": True}
        assert "model" not in body
        yield STREAM + event(delta("e", "a")) + event(delta("e", "b", "stop"))
        yield event({"choices": [], "usage": {"total_tokens": 2}, "model": "e"}) + DONE

    asked = caller(script)
    await asked.post()
    reply = orjson.loads(asked.body)
    assert reply["model"] == 'an "alias"'
    assert reply["choices"][0]["message"] == {"role": "assistant", "content": "ab"}
    assert reply["usage"] == {"total_tokens": 2}


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("beside", [{}, {"id": "x"}])
async def test_an_engine_that_reports_an_error_late_ends_the_answer_with_it(
    caller: Make, stream: bool, beside: JsonObject
) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield STREAM + event(delta("e", "a"))
        yield event(beside | {"error": {"code": 500, "message": "out of luck"}}) + END

    asked = caller(script)
    await asked.post(stream=stream)
    assert asked.status == (200 if stream else 502)
    assert asked.error["code"] == "engine_failure"
    assert b"[DONE]" not in asked.body


@pytest.mark.parametrize(
    "nonsense",
    [
        b"hello\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        STREAM + chunked(b"data: {}\n\nHTTP/1.1 200 OK\r\n\r\n\n\n") + END,
        STREAM + chunked(b"event: x\ndata: {}\n\n") + END,
        STREAM + event(b'{"a":"\xff"}') + END,
        STREAM + event(b"{not json}") + DONE,
        STREAM + event(b"{}") + END,
        STREAM + b"zz\r\n",
    ],
)
async def test_nonsense_from_an_engine_is_an_error_and_never_reaches_the_caller(
    caller: Make, nonsense: bytes
) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield nonsense

    asked = caller(script)
    await asked.post()
    assert asked.status == 502
    assert asked.error["code"] == "engine_protocol"
    assert b"hello" not in asked.body
    await asked.post(stream=True)
    assert b"HTTP/1.1" not in asked.body
    assert b"\xff" not in asked.body


async def test_a_crash_before_the_first_byte_is_tried_once_more_on_a_fresh_engine(
    caller: Make,
) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        process = asked.launcher.processes[-1]
        if len(asked.launcher.processes) == 1:
            process.end(-9)
            return
        yield STREAM + event(delta(process.engine_id, "again", "stop")) + DONE

    asked = caller(script)
    await asked.post()
    assert asked.status == 200
    assert len(asked.launcher.processes) == 2


@pytest.mark.parametrize("stream", [True, False])
async def test_a_crash_in_the_middle_is_one_clean_error_and_no_silent_end(
    caller: Make, stream: bool
) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield STREAM + event(delta("e", "a"))
        asked.launcher.processes[-1].end(-11)

    asked = caller(script)
    await asked.post(stream=stream)
    assert asked.error["code"] == "engine_crashed"
    if stream:
        assert asked.status == 200
        assert asked.messages[-1]["more_body"] is False


async def test_a_silent_engine_is_given_up(caller: Make) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield STREAM + event(delta("e", "a"))
        await asyncio.sleep(30)

    asked = caller(script, silence_s=0.05)
    await asked.post(stream=True)
    assert asked.error["code"] == "engine_silent"


@pytest.mark.parametrize("stream", [True, False])
async def test_a_caller_who_leaves_takes_the_engines_request_along(
    caller: Make, stream: bool
) -> None:
    begun = asyncio.Event()

    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield STREAM + event(delta("e", "a"))
        begun.set()
        await asyncio.sleep(30)

    asked = caller(script)
    work = asyncio.create_task(asked.post(stream=stream))
    await begun.wait()
    assert asked.leave
    asked.leave()
    await asyncio.wait_for(asked.launcher.left.wait(), 1)
    await asyncio.wait_for(work, 1)


async def test_a_caller_who_reads_slowly_stops_the_engine_not_the_gateways_memory(
    caller: Make,
) -> None:
    sent = 0

    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        nonlocal sent
        yield STREAM
        for _ in range(4000):
            sent += 1
            yield event(delta("e", "x" * 4000))
        yield DONE

    asked = caller(script)
    asked.slow = asyncio.Event()
    work = asyncio.create_task(asked.post(stream=True))
    before = -1
    while sent != before:
        before = sent
        await asyncio.sleep(0.05)
    assert 0 < sent < 1000, "at most what buffers hold, of 16 MB"
    asked.slow.set()
    await asyncio.wait_for(work, 20)
    assert asked.body.endswith(b"data: [DONE]\n\n")
    assert asked.body.count(b"data: ") == 4001


async def test_what_an_engine_refuses_is_the_callers_4xx(caller: Make) -> None:
    refusal = orjson.dumps(
        {"error": {"code": 400, "type": "exceed_context_size_error", "message": "no",
                   "n_prompt_tokens": 9000, "n_ctx": 4096}}
    )  # fmt: skip

    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield b"HTTP/1.1 400 Bad Request\r\ncontent-length: %d\r\n\r\n%b" % (len(refusal), refusal)

    asked = caller(script)
    await asked.post(stream=True)
    assert asked.status == 400
    assert asked.error["code"] == "context_length_exceeded"
    assert "9000" in asked.error["message"]


async def test_a_system_prompt_stands_in_only_where_the_caller_sends_none(caller: Make) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield STREAM + event(delta("e", "a", "stop")) + DONE

    asked = caller(script, served=serving(system_prompt="be brief", user="somebody"))
    await asked.post()
    own = [{"role": "system", "content": "be long"}, {"role": "user", "content": "hi"}]
    await asked.post(messages=own)
    first, second = asked.launcher.requests
    assert first["messages"] == [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "hi"},
    ]
    assert second["messages"] == own
    assert not {"system_prompt", "user"} & set(first)


async def test_a_body_beyond_the_limit_is_refused_before_it_is_read(caller: Make) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield b""

    asked = caller(script)
    await asked.post(padding="x" * (1 << 20))
    assert asked.status == 413
    assert not asked.launcher.requests


async def test_a_defect_of_ours_is_a_plain_500_that_gives_nothing_away(
    caller: Make, caplog: pytest.LogCaptureFixture
) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield b""

    asked = caller(script)

    async def broken(name: str) -> Serving:
        raise KeyError("a secret prompt")

    asked.gateway._servings.find = broken  # type: ignore[method-assign]
    await asked.post()
    assert asked.status == 500
    assert b"secret" not in asked.body
    assert "failed on a defect" in caplog.text


@pytest.mark.parametrize("stream", [True, False])
async def test_a_call_leaves_nothing_for_the_garbage_collector(caller: Make, stream: bool) -> None:
    async def script(body: JsonObject) -> AsyncIterator[bytes]:
        yield STREAM + event(delta("e", "a", "stop")) + DONE

    asked = caller(script)
    await asked.post(stream=stream)
    with uncollected(EngineStream) as left:
        for _ in range(20):
            await asked.post(stream=stream)
        assert left() <= 1, "the last one's connection may still be closing"
