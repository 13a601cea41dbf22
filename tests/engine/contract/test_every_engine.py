"""What every engine promises, wherever it runs: bodhi/engine/contract.py, as tests."""

import asyncio
import json

import pytest

from bodhi.engine.contract import EngineProcess, UnixAddress
from bodhi.gateway.engine_stream import EngineStream
from bodhi.gateway.patience import Patience
from tests.engine.contract.place import CHAT, Place
from tests.engine.plain_http import ask, chat

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop that serves; misbehaviour is where the loops differ."""
    return "asyncio", {"use_uvloop": True}


async def streamed(process: EngineProcess, **body: object) -> EngineStream:
    sent = json.dumps({**chat(), "stream": True, **body}).encode()
    return await EngineStream.begin(
        process.address, CHAT, sent, api_key=process.api_key, patience=Patience(20, 20)
    )


async def test_an_answer_is_streamed_to_its_end(any_place: Place) -> None:
    async with any_place.engine() as process:
        stream = await streamed(process)
        assert stream.status == 200
        text = (await stream.read_all()).decode()
        events = [line.removeprefix("data: ") for line in text.splitlines() if line]
        assert events[-1] == "[DONE]"
        assert len({json.loads(event)["model"] for event in events[:-1]}) == 1


async def test_who_has_no_key_gets_nothing_where_a_key_is_wanted(any_place: Place) -> None:
    async with any_place.engine() as process:
        if isinstance(process.address, UnixAddress):
            assert process.api_key is None
            return
        assert process.api_key
        for key in (None, "guessed", process.api_key[:-1]):
            status, _ = await ask(process.address, CHAT, chat(), api_key=key)
            assert status == 401


async def test_who_leaves_makes_room_for_the_next(any_place: Place) -> None:
    async with any_place.engine(n_ctx=32_768) as process:
        stream = await streamed(process, max_tokens=100_000, ignore_eos=True)
        await stream.read()
        stream.close()
        async with asyncio.timeout(10):
            status, _ = await ask(process.address, CHAT, chat(), api_key=process.api_key)
        assert status == 200


async def test_a_stopped_engine_has_ended_for_everybody(any_place: Place) -> None:
    async with any_place.engine() as process:
        waiting = asyncio.create_task(process.wait_exit())
        assert process.sample() is not None
        await asyncio.gather(process.stop(), process.stop())
        assert process.sample() is None
        assert await waiting == await process.wait_exit()
