"""``python -m benchmarks.render``: a prompt of 20 messages, warm; and a stream beside bombs.

The first is the time of one whole call: to the process that renders, and back. The second is how
late a tick of 10 ms comes in the server's event loop while templates that never end, or that ask
for a gigabyte, are rendered one after the other; a stream's pieces are as late as that.
"""

import asyncio
import time
from collections.abc import Awaitable
from contextlib import suppress

from benchmarks.report import figure
from bodhi.chat_templates.builtin import BUILTIN
from bodhi.chat_templates.render import Conversation, Renderer
from bodhi.errors import TemplateFailed
from bodhi.params.values import JsonObject

ROUNDS = 5
CALLS = 200
BOMBS = (
    "{% for i in range(99999) %}" * 4 + "{% endfor %}" * 4,
    "{{ 'a'|center(900000000) }}",
    "{{ 'a'|center(60000000) }}",
    "{% set n = namespace(s='a') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
)
TWENTY: list[JsonObject] = [
    {"role": ("user", "assistant")[turn % 2], "content": f"This is turn {turn}. " * 20}
    for turn in range(20)
]


def main() -> None:
    """Measure and print."""
    asyncio.run(_measure())


async def _measure() -> None:
    renderer = Renderer()
    asking = Conversation(TWENTY, bos_token="<s>", eos_token="</s>")  # noqa: S106 - of a model
    text = BUILTIN["llama3"].text
    await renderer.render(text, asking)
    rounds = [await _each_ms(renderer, text, asking) for _ in range(ROUNDS)]
    figure("rendering 20 messages, warm", rounds, "ms")
    beside, alone = [], []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        beside.append(await _lateness_ms(_explode(renderer, asking)))
        alone.append(await _lateness_ms(asyncio.sleep(time.perf_counter() - started)))
    figure("p99 of how late a stream's piece comes beside bombs", beside, "ms", places=1)
    figure("the same without bombs", alone, "ms", places=1)
    await renderer.aclose()


async def _each_ms(renderer: Renderer, text: str, asking: Conversation) -> float:
    started = time.perf_counter()
    for _ in range(CALLS):
        await renderer.render(text, asking)
    return (time.perf_counter() - started) / CALLS * 1000


async def _explode(renderer: Renderer, asking: Conversation) -> None:
    for bomb in BOMBS:
        with suppress(TemplateFailed):
            await renderer.render(bomb, asking)


async def _lateness_ms(meanwhile: Awaitable[None]) -> float:
    late: list[float] = []

    async def tick() -> None:
        due = time.perf_counter()
        while True:
            due = max(due + 0.01, time.perf_counter())
            await asyncio.sleep(due - time.perf_counter())
            late.append(1000 * (time.perf_counter() - due))

    ticking = asyncio.create_task(tick())
    await meanwhile
    ticking.cancel()
    return sorted(late)[int(0.99 * len(late))]


if __name__ == "__main__":
    main()
