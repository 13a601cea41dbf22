"""An engine prints without end, or without a newline: it is drained, bounded, and nobody waits."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from bodhi.engine import child
from bodhi.engine.child import ChildProcess
from bodhi.engine.embedded import EmbeddedLauncher
from bodhi.engine.output import LINE_BYTES, LINE_OVERHEAD_BYTES, RING_BYTES, OutputRing
from bodhi.engine.runtime_dir import RuntimeDir
from tests.engine.factories import make_spec

pytestmark = pytest.mark.anyio

# Python keeps a list of lines beside their bytes.
_MOST_KEPT_BYTES = RING_BYTES + LINE_BYTES + LINE_OVERHEAD_BYTES
_FLOOD = """
import json, os, sys
sys.stdin.readline()
block = {block!r} * ((1 << 20) // {size})
for _ in range({mib}):
    os.write({pipe}, block)
report = json.dumps({{"event": "ready", "address": "http://127.0.0.1:9"}})
os.write(1, b"\\n" + report.encode() + b"\\n")
sys.stdin.read()
"""
BLOCKS = {"no newline": b"x", "only newlines": b"\n", "lines": b"0.01 I a line of a log\n"}


async def flood(model: Path, block: bytes, mib: int, pipe: int, patience_s: float) -> list[str]:
    """What goes wrong when an engine prints that much on one of its pipes before it is ready."""
    source = _FLOOD.format(block=block, size=len(block), mib=mib, pipe=pipe)
    launcher = EmbeddedLauncher(
        transport="tcp", program=(sys.executable, "-c", source), stop_grace_s=0.1
    )
    folder = RuntimeDir()
    process = await launcher.launch(
        make_spec(model_path=model), engine_id="loud", runtime_dir=folder.path()
    )
    wrong = []
    try:
        async with asyncio.timeout(patience_s):
            await process.wait_ready()
    except TimeoutError:
        wrong.append("it waits for somebody to read")
    finally:
        await process.stop()
        folder.remove()
    if not wrong and pipe == 2 and process.output.total_bytes < mib * 1_000_000:
        wrong.append("not everything was read")
    lines = process.output.lines()
    if sum(len(line) + LINE_OVERHEAD_BYTES for line in lines) > _MOST_KEPT_BYTES:
        wrong.append("too much is kept")
    if max(map(len, lines), default=0) > LINE_BYTES:
        wrong.append("a line is too long")
    return wrong


@pytest.mark.fault("F28")
@pytest.mark.parametrize("pipe", [1, 2])
@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
async def test_a_flood_is_drained_and_bounded(tiny_model: Path, block: bytes, pipe: int) -> None:
    assert await flood(tiny_model, block, 16, pipe, 60) == []


@pytest.mark.soak
@pytest.mark.fault("F28")
@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
async def test_a_gibibyte_is_drained_and_bounded(tiny_model: Path, block: bytes) -> None:
    assert await flood(tiny_model, block, 1024, 2, 600) == []


def _never_read(self: ChildProcess, transport: asyncio.BaseTransport) -> None:
    _connected(self, transport)
    pipe = cast(asyncio.SubprocessTransport, transport).get_pipe_transport(2)
    cast(asyncio.ReadTransport, pipe).pause_reading()


_connected: Callable[[ChildProcess, asyncio.BaseTransport], None] = ChildProcess.connection_made


@pytest.mark.planted("F28")
async def test_a_pipe_that_is_not_drained_would_be_found(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ChildProcess, "connection_made", _never_read)
    wrong = await flood(tiny_model, BLOCKS["lines"], 1, 2, 0.5)
    assert wrong == ["it waits for somebody to read"]


@pytest.mark.planted("F28")
@pytest.mark.parametrize(
    ("bounds", "block", "found"),
    [
        ({"ring_bytes": 1 << 40}, BLOCKS["lines"], "too much is kept"),
        ({"line_bytes": 1 << 40}, BLOCKS["no newline"], "a line is too long"),
    ],
)
async def test_a_log_without_bounds_would_be_found(
    tiny_model: Path,
    monkeypatch: pytest.MonkeyPatch,
    bounds: dict[str, int],
    block: bytes,
    found: str,
) -> None:
    monkeypatch.setattr(child, "OutputRing", lambda: OutputRing(**bounds))
    assert found in await flood(tiny_model, block, 4, 2, 60)
