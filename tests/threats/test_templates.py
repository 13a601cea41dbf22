"""Hostile chat templates: nothing is reached from one, and none uses up the machine."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import orjson
import pytest

from bodhi.chat_templates import kwargs, render
from bodhi.chat_templates.kwargs import MAX_KWARGS_BYTES, RESERVED, check_kwargs
from bodhi.chat_templates.render import Conversation, Renderer
from bodhi.chat_templates.worker_process import WORKER
from bodhi.errors import ParameterInvalid, TemplateFailed
from bodhi.params.values import Json, JsonObject
from tests.contract.project import Module, imports, module, modules
from tests.threats.house import ALIAS, House, make_place, running_house
from tests.threats.template_payloads import BOMBS, SECRET, escapes
from tests.threats.wire import Answer, ask, head

HELLO = Conversation([{"role": "user", "content": "Hello"}])
# A bomb may take 2 s; the rest is for a machine that has other work.
LONGEST_S = 2.5
LONGEST_TURN_S = 0.020
RENDERING = "bodhi.chat_templates.worker"


def variant(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """The command line of the program that renders, changed: a planted defect."""
    source = WORKER.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    program = folder / "worker.py"
    program.write_text(source, encoding="utf-8")
    return [sys.executable, "-I", str(program)]


WITHOUT_SANDBOX = (
    ("import ImmutableSandboxedEnvironment", "import ImmutableSandboxedEnvironment as _Unused"),
    ("from jinja2 import Template", "from jinja2 import Environment, Template"),
    ("class _Environment(ImmutableSandboxedEnvironment)", "class _Environment(Environment)"),
)
WITHOUT_LIMITS = (("    _confine()\n", ""),)


class Lab:
    """A canary that a payload could make, a secret that it could read, and what came of each."""

    def __init__(self, folder: Path) -> None:
        self.canary, self.secret = folder / "canary", folder / "secret"
        self.secret.write_text(SECRET)
        self.payloads = escapes(self.canary, self.secret)

    def successes(self, program: Sequence[str] | None = None) -> list[str]:
        """The payloads that got out."""

        async def try_all() -> list[str]:
            renderer = Renderer(program=program)
            try:
                return [text for text in self.payloads if await self._got_out(renderer, text)]
            finally:
                await renderer.aclose()

        return asyncio.run(try_all())

    async def _got_out(self, renderer: Renderer, payload: str) -> bool:
        try:
            shown = await renderer.render(payload, HELLO)
        except TemplateFailed as error:
            shown = f"{error.message} {error.reason}"
        made = self.canary.exists()
        self.canary.unlink(missing_ok=True)
        return made or SECRET in shown


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.mark.threat("T16")
def test_of_200_ways_out_of_a_template_none_leads_anywhere(lab: Lab) -> None:
    assert len(set(lab.payloads)) >= 150
    assert lab.successes() == []


@pytest.mark.planted("T16")
def test_without_the_sandbox_and_the_limits_most_kinds_of_payload_would_get_out(
    lab: Lab, tmp_path: Path
) -> None:
    got_out = lab.successes(variant(tmp_path, *WITHOUT_SANDBOX, *WITHOUT_LIMITS))
    assert len(got_out) >= 40
    for deed in ("open(", "popen(", "_wrap_close", "FileLoader"):
        assert any(deed in payload for payload in got_out)


@pytest.mark.threat("T16")
def test_without_the_sandbox_the_process_still_opens_no_file(lab: Lab, tmp_path: Path) -> None:
    lab.payloads = [payload for payload in lab.payloads if "open(" in payload]
    assert lab.successes(variant(tmp_path, *WITHOUT_SANDBOX)) == []


def render_elsewhere(among: Iterable[Module]) -> list[str]:
    """Who could render a template beside the limited process: importers of jinja2, or of it."""
    known = {m.name: m for m in among}
    return [
        f"{m.path}:{line}: imports {target}"
        for m in known.values()
        if m.name != RENDERING
        for target, line in imports(m, known)
        if target.split(".")[0] == "jinja2" or target == RENDERING
    ]


@pytest.mark.threat("T16")
def test_nothing_else_renders() -> None:
    product = modules("src")
    assert any(m.name == RENDERING for m in product)
    assert render_elsewhere(product) == []


@pytest.mark.planted("T16")
def test_another_place_that_renders_would_be_found() -> None:
    ours = module(RENDERING, "import jinja2")
    assert render_elsewhere([ours]) == []
    for line in (
        "from jinja2 import Template",
        "def f():\n    import jinja2.sandbox",
        "from bodhi.chat_templates import worker",
    ):
        assert len(render_elsewhere([ours, module("bodhi.other", line)])) == 1


def too_slow(bombs: dict[str, str]) -> list[str]:
    """The bombs that took longer than they may, or did no harm; each beside another."""

    async def ends_badly_in_time(renderer: Renderer, text: str) -> bool:
        started = time.monotonic()
        try:
            await renderer.render(text, HELLO)
        except TemplateFailed as error:
            return error.status == 422 and time.monotonic() - started <= LONGEST_S
        return False

    async def try_all() -> list[str]:
        renderer = Renderer()
        await renderer.render("warm", HELLO)
        try:
            return [n for n, text in bombs.items() if not await ends_badly_in_time(renderer, text)]
        finally:
            await renderer.aclose()

    return asyncio.run(try_all())


@pytest.mark.threat("T17")
def test_each_of_30_bombs_ends_with_its_422_in_time() -> None:
    assert len(BOMBS) >= 30
    assert too_slow(BOMBS) == []


@pytest.mark.planted("T17")
def test_a_bomb_that_may_go_on_longer_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "WALL_S", 10.0)
    assert too_slow({"loops": BOMBS["loops in loops"]}) == ["loops"]


@pytest.mark.planted("T17")
@pytest.mark.parametrize(
    ("change", "bomb"),
    [
        (("resource.RLIMIT_AS: _MEMORY_BYTES,", ""), "{{ 'a'|center(290000000)|length }}"),
        (("_OUTPUT_BYTES = 4 << 20", "_OUTPUT_BYTES = 1 << 40"), "{{ 'a'|center(4300000) }}"),
    ],
)
def test_a_limit_that_is_missing_would_be_found(
    change: tuple[str, str], bomb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert too_slow({"bomb": bomb}) == []
    monkeypatch.setattr(
        "bodhi.chat_templates.worker_process.WORKER", Path(variant(tmp_path, change)[-1])
    )
    assert too_slow({"bomb": bomb}) == ["bomb"]


def turns_beside(bombs: Iterable[str], hold_s: float = 0.0) -> list[float]:
    """Seconds of processor that each turn of the event loop took while bombs went off.

    Of the loop's own thread: how busy the machine is otherwise does not count. ``hold_s`` is the
    planted defect: twenty times with each bomb, the loop is held so long.
    """
    turns: list[float] = []

    async def look() -> None:
        last = time.thread_time()
        while True:
            await asyncio.sleep(0.002)
            now = time.thread_time()
            turns.append(now - last)
            last = now

    async def explode(renderer: Renderer, text: str) -> None:
        for _ in range(20 if hold_s else 0):
            end = time.thread_time() + hold_s
            while time.thread_time() < end:
                pass
            await asyncio.sleep(0.005)
        with pytest.raises(TemplateFailed):
            await renderer.render(text, HELLO)

    async def main() -> None:
        renderer = Renderer()
        looking = asyncio.create_task(look())
        await asyncio.gather(*(explode(renderer, text) for text in bombs))
        looking.cancel()
        await renderer.aclose()

    asyncio.run(main())
    return sorted(turns)


def quick(turns: list[float]) -> bool:
    return turns[int(0.99 * len(turns))] <= LONGEST_TURN_S


NOT_SLOW = [text for name, text in BOMBS.items() if "loop" not in name and "power" not in name]


@pytest.mark.threat("T17")
def test_nobody_else_waits_while_bombs_go_off() -> None:
    assert quick(turns_beside(NOT_SLOW))


@pytest.mark.planted("T17")
def test_a_loop_that_is_held_up_would_be_found() -> None:
    assert not quick(turns_beside(NOT_SLOW[:2], hold_s=0.03))


def accepted(names: Iterable[str]) -> list[str]:
    """The names under which a caller may hand something to a template."""
    found = []
    for name in names:
        try:
            check_kwargs({name: True})
        except ParameterInvalid:
            assert ParameterInvalid.status == 400
        else:
            found.append(name)
    return found


@pytest.mark.threat("T18")
def test_no_name_that_is_taken_can_be_given() -> None:
    assert {"messages", "tools", "tokenize", "add_generation_prompt"} < RESERVED
    assert accepted(RESERVED) == []
    assert accepted(["", "a b", "a-b", "1a", "__class__", "_x", "ä", "a.b", "a\n"]) == []
    assert accepted(["enable_thinking", "date_string", "x1"]) == [
        "enable_thinking", "date_string", "x1"
    ]  # fmt: skip


@pytest.mark.threat("T18")
def test_no_request_hands_a_name_that_is_taken_to_an_engine(tmp_path: Path) -> None:
    with running_house(make_place(tmp_path)) as house:
        for name in sorted(RESERVED):
            answer = _chat(house, {name: True})
            code = orjson.loads(answer.body)["error"]["code"]
            assert (answer.status, code) == (400, "parameter_invalid")
        assert house.engine.requests == []
        assert _chat(house, {"enable_thinking": False}).status == 200
        assert len(house.engine.requests) == 1


def _chat(house: House, options: JsonObject) -> Answer:
    body = orjson.dumps(
        {"model": ALIAS, "messages": HELLO.messages, "chat_template_kwargs": options}
    )
    fields = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    return ask(house.port, head("POST", "/v1/chat/completions", fields) + body)


@pytest.mark.threat("T18")
def test_what_the_renderer_itself_sets_is_among_the_names_taken() -> None:
    conversation = Conversation([], tools=[], bos_token="", eos_token="")
    assert conversation.variables().keys() <= RESERVED


@pytest.mark.planted("T18")
def test_a_name_that_is_not_refused_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kwargs, "RESERVED", RESERVED - {"tokenize"})
    assert accepted(RESERVED) == ["tokenize"]


@pytest.mark.threat("T18")
def test_options_are_at_most_16_kib_and_4_levels_deep() -> None:
    fits: JsonObject = {"x": "a" * (MAX_KWARGS_BYTES - len('{"x":""}'))}
    check_kwargs(fits)
    with pytest.raises(ParameterInvalid, match="16 KiB"):
        check_kwargs({"x": f"{fits['x']}a"})
    four: Json = {"b": {"c": {"d": 1}}}
    check_kwargs({"a": four})
    too_deep: list[JsonObject] = [{"a": [four]}, {"a": {"b": {"c": {"d": []}}}}]
    for five in too_deep:
        with pytest.raises(ParameterInvalid, match="4 levels"):
            check_kwargs(five)


@pytest.mark.threat("T17")
def test_the_process_cannot_be_made_to_outlive_a_parent_that_stands_still() -> None:
    """The wall clock is the parent's; the processor's limit is the process's own."""
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT_THAT_STOPS], stdout=subprocess.PIPE
    ) as parent:
        out, _ = parent.communicate(timeout=60)
    assert out.split() == [b"ended"]


_PARENT_THAT_STOPS = f"""
import os, subprocess, sys, orjson
child = subprocess.Popen([sys.executable, "-I", {str(WORKER)!r}, str(os.getpid())],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.read(5)
job = orjson.dumps({{"template": {BOMBS["loops in loops"]!r}, "variables": {{}}}})
child.stdin.write(len(job).to_bytes(4, "big") + job)
child.stdin.flush()
child.wait()
print("ended")
"""
