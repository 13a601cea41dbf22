"""What a trial showed is kept for the next who asks; who asks waits for one trial at most."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bodhi.chat_templates import trials as module
from bodhi.chat_templates.found import FoundTemplate
from bodhi.chat_templates.render import Conversation, Renderer
from bodhi.chat_templates.trial import Trial
from bodhi.chat_templates.trials import AskTrial, TemplateTrials
from bodhi.errors import QueueFull

PLAIN = FoundTemplate("{% for m in messages %}{{ m.content }}{% endfor %}", "inline", None)
WRONG = FoundTemplate("a\n {{ b c }}", "inline", None)
Shown = list[Trial | None]


class Counting(Renderer):
    """Says how often it was asked; waits before each answer until ``may_go``."""

    def __init__(self, *, may_go: bool = True) -> None:
        super().__init__(workers=1)
        self.asked = 0
        self.may_go = asyncio.Event()
        self.fails = False
        if may_go:
            self.may_go.set()

    async def render(self, template: str, conversation: Conversation) -> str:
        self.asked += 1
        await self.may_go.wait()
        if self.fails:
            raise QueueFull("Too many wait.", retry_after_s=1)
        return await super().render(template, conversation)


def run(scene: Callable[[Counting], Coroutine[Any, Any, None]], *, may_go: bool = True) -> None:
    async def main() -> None:
        renderer = Counting(may_go=may_go)
        try:
            await scene(renderer)
        finally:
            await renderer.aclose()

    asyncio.run(main())


def asking(*templates: FoundTemplate) -> tuple[Callable[[AskTrial], Shown], list[Shown]]:
    """Something that shows the trials of these, and what it came to each time it was called."""
    calls: list[Shown] = []

    def make(ask: AskTrial) -> Shown:
        calls.append([ask(one) for one in templates])
        return calls[-1]

    return make, calls


def codes(trial: Trial | None) -> list[str]:
    return [] if trial is None else [found.code for found in trial.told]


def test_what_is_not_known_is_tried_and_shown_anew_and_then_kept() -> None:
    async def scene(renderer: Counting) -> None:
        trials = TemplateTrials(renderer)
        make, calls = asking(PLAIN, WRONG)
        plain, wrong = await trials.show(make)
        assert calls[:-1] == [[None, None]]
        assert codes(plain) == ["template-tools"]
        assert codes(wrong) == ["template_failed"]
        asked = renderer.asked
        assert await trials.show(make) == [plain, wrong]
        assert (renderer.asked, len(calls)) == (asked, 3)

    run(scene)


def test_whoever_asks_for_nothing_has_nothing_rendered() -> None:
    async def scene(renderer: Counting) -> None:
        assert await TemplateTrials(renderer).show(lambda _: "a list") == "a list"
        assert renderer.asked == 0
        make, calls = asking(PLAIN)
        assert await TemplateTrials(None).show(make) == [None]
        assert len(calls) == 1

    run(scene)


def test_many_who_ask_at_once_are_told_of_one_trial() -> None:
    async def scene(renderer: Counting) -> None:
        trials = TemplateTrials(renderer)
        makes = [asking(PLAIN)[0] for _ in range(8)]
        shown = await asyncio.gather(*(trials.show(make) for make in makes))
        alone = Counting()
        await TemplateTrials(alone).show(asking(PLAIN)[0])
        await alone.aclose()
        assert all(codes(trial) == ["template-tools"] for (trial,) in shown)
        assert renderer.asked == alone.asked > 0

    run(scene)


def test_the_tokens_and_stop_words_are_part_of_what_is_asked() -> None:
    text = "{% for m in messages %}{{ m.content }}<|end|>{% endfor %}{{ tools | tojson if tools }}"
    ends = FoundTemplate(text, "inline", None, eos_token="<|end|>")
    other = FoundTemplate(text, "inline", None, eos_token="</s>")
    mended = FoundTemplate(text, "inline", None, eos_token="</s>", stop=("<|end|>",))

    async def scene(renderer: Counting) -> None:
        shown = await TemplateTrials(renderer).show(asking(ends, other, mended)[0])
        assert [codes(trial) for trial in shown] == [[], ["template-end"], []]

    run(scene)


def test_nobody_waits_longer_than_a_trial_may_take_and_the_next_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_PATIENCE_S", 0.05)

    async def scene(renderer: Counting) -> None:
        trials = TemplateTrials(renderer)
        make, _ = asking(PLAIN)
        assert await trials.show(make) == [None]
        monkeypatch.setattr(module, "_PATIENCE_S", 60.0)
        second = asyncio.create_task(trials.show(make))
        renderer.may_go.set()
        assert codes((await second)[0]) == ["template-tools"]

    run(scene, may_go=False)


def test_a_renderer_that_has_too_much_to_do_is_asked_again_the_next_time() -> None:
    async def scene(renderer: Counting) -> None:
        trials = TemplateTrials(renderer)
        make, _ = asking(PLAIN)
        renderer.fails = True
        assert await trials.show(make) == [None]
        renderer.fails = False
        assert codes((await trials.show(make))[0]) == ["template-tools"]

    run(scene)


def test_what_is_kept_is_kept_for_a_while_and_is_not_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_KEPT", 2)
    others = [FoundTemplate(f"{number}", "inline", None) for number in range(2)]
    now = time.monotonic()

    async def scene(renderer: Counting) -> None:
        trials = TemplateTrials(renderer, kept_s=300.0)
        await trials.show(asking(PLAIN)[0])
        assert trials.known(PLAIN) is not None
        with monkeypatch.context() as clock:
            clock.setattr(time, "monotonic", lambda: now + 3600.0)
            assert trials.known(PLAIN) is None
        await trials.show(asking(*others)[0])
        assert trials.known(PLAIN) is None
        assert all(trials.known(one) is not None for one in others)

    run(scene)
