"""Tries chat templates for the command line; each text once, however often it is asked for."""

import asyncio
from functools import lru_cache

from bodhi.chat_templates.render import Renderer
from bodhi.chat_templates.trial import Trial, try_template


@lru_cache(maxsize=64)
def trial_of(
    text: str, bos_token: str = "", eos_token: str = "", stop: tuple[str, ...] = ()
) -> Trial:
    """As ``try_template``, with a process for this one time."""

    async def run() -> Trial:
        renderer = Renderer(workers=1)
        try:
            return await try_template(
                renderer, text, bos_token=bos_token, eos_token=eos_token, stop=stop
            )
        finally:
            await renderer.aclose()

    return asyncio.run(run())
