"""Trials of chat templates, made when one alias is shown, and kept for the next who shows it.

A list asks for none: rendering what ten thousand aliases use would take minutes.
"""

import asyncio
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias, TypeVar

from bodhi.chat_templates.found import FoundTemplate
from bodhi.chat_templates.render import WALL_S, Renderer
from bodhi.chat_templates.trial import Trial, try_template
from bodhi.errors import BodhiError

Shown = TypeVar("Shown")
# What a trial of a template showed, None where nobody knows. Never raises.
AskTrial: TypeAlias = Callable[[FoundTemplate], Trial | None]

_MOST_KEPT = 256
# A machine that stood still makes a template look slow, and should not for ever.
_KEPT_S = 300.0
# As long as the slowest trial: four prompts, each as late as it may be.
_PATIENCE_S = 4 * WALL_S


class TemplateTrials:
    """Belongs to the event loop of its renderer; without one, nothing is ever tried."""

    def __init__(self, renderer: Renderer | None, *, kept_s: float = _KEPT_S) -> None:
        self._renderer = renderer
        self._kept_s = kept_s
        self._kept: OrderedDict[bytes, tuple[Trial, float]] = OrderedDict()
        self._lock = threading.Lock()
        self._running: dict[bytes, asyncio.Task[None]] = {}

    async def show(self, make: Callable[[AskTrial], Shown]) -> Shown:
        """What ``make`` makes, in a thread, with the trial of every template that it asks for.

        It is called again where one had to be tried first, and so must change nothing. This waits
        for a trial some seconds at most: ``make`` may still be told None.
        """
        unknown: list[FoundTemplate] = []

        def ask(found: FoundTemplate) -> Trial | None:
            trial = self.known(found)
            if trial is None:
                unknown.append(found)
            return trial

        made = await asyncio.to_thread(make, ask)
        if self._renderer is None or not unknown:
            return made
        await asyncio.gather(*(self._learn(self._renderer, found) for found in unknown))
        return await asyncio.to_thread(make, self.known)

    def known(self, found: FoundTemplate) -> Trial | None:
        """What a trial of this template showed lately. Any thread may ask."""
        key = _key(found)
        with self._lock:
            trial, ends_at = self._kept.get(key, (None, 0.0))
            if time.monotonic() >= ends_at:
                return None
            self._kept.move_to_end(key)
            return trial

    async def _learn(self, renderer: Renderer, found: FoundTemplate) -> None:
        """One trial for all who ask meanwhile; it goes on where they have left."""
        key = _key(found)
        task = self._running.get(key)
        if task is None:
            task = asyncio.create_task(self._try(renderer, key, found))
            self._running[key] = task
            task.add_done_callback(lambda _: self._running.pop(key, None))
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                await asyncio.shield(task)

    async def _try(self, renderer: Renderer, key: bytes, found: FoundTemplate) -> None:
        try:
            trial = await try_template(
                renderer,
                found.text,
                bos_token=found.bos_token,
                eos_token=found.eos_token,
                stop=found.stop,
            )
        except BodhiError:  # too many wait, or the server stops: the next who asks tries again
            return
        with self._lock:
            self._kept[key] = trial, time.monotonic() + self._kept_s
            self._kept.move_to_end(key)
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)


UNTRIED = TemplateTrials(None)


def _key(found: FoundTemplate) -> bytes:
    """Of all that decides what a trial shows; texts may be large, and are not kept."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (found.text, found.bos_token, found.eos_token, *found.stop):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.digest()
