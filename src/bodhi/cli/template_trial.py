"""Tries chat templates for the command line; each once, however often it is asked for."""

import asyncio
from functools import lru_cache
from types import TracebackType
from typing import Self

from bodhi.chat_templates.found import FoundTemplate
from bodhi.chat_templates.render import Renderer
from bodhi.chat_templates.trial import Trial, try_template


class TrialBench:
    """Tries many in one process, which the first of them starts and the end of ``with`` ends."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Trial] = {}

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        self._renderer = Renderer(workers=1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._runner.run(self._renderer.aclose())
        self._runner.close()

    def trial_of(self, found: FoundTemplate) -> Trial:
        """As ``try_template``."""
        key = (found.text, found.bos_token, found.eos_token, found.stop)
        if key not in self._known:
            tried = try_template(
                self._renderer,
                found.text,
                bos_token=found.bos_token,
                eos_token=found.eos_token,
                stop=found.stop,
            )
            self._known[key] = self._runner.run(tried)
        return self._known[key]


@lru_cache(maxsize=64)
def trial_of(found: FoundTemplate) -> Trial:
    """As ``try_template``, with a process for this one time."""
    with TrialBench() as bench:
        return bench.trial_of(found)
