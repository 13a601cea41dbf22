"""The one render function: exact prompts, errors with their place, processes that come and go."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from bodhi.chat_templates.builtin import BUILTIN
from bodhi.chat_templates.render import Conversation, Renderer, render_once
from bodhi.chat_templates.worker_process import WORKER
from bodhi.errors import BodhiError, ParameterInvalid, QueueFull, ShuttingDown, TemplateFailed
from bodhi.params.values import JsonObject
from tests.support.published_templates import (
    Case,
    published_templates,
    templates_of_repositories,
)
from tests.support.server import wait_until

HELLO: list[JsonObject] = [{"role": "user", "content": "Hello"}]
ENDLESS = "{% for i in range(99999) %}" * 4 + "{% endfor %}" * 4

T = TypeVar("T")


def with_renderer(work: Callable[[Renderer], Awaitable[T]], workers: int = 2) -> T:
    """The result of ``work`` on a renderer of its own."""

    async def main() -> T:
        async with renderer(workers) as ours:
            return await work(ours)

    return asyncio.run(main())


@asynccontextmanager
async def renderer(workers: int) -> AsyncIterator[Renderer]:
    ours = Renderer(workers=workers)
    try:
        yield ours
    finally:
        await ours.aclose()


async def outcome(
    ours: Renderer, template: str, case: Case, *, bos_token: str, eos_token: str
) -> tuple[str, str]:
    """As ``jinja_reference.outcome``, by the product's own function."""
    conversation = Conversation(case.messages, bos_token=bos_token, eos_token=eos_token)  # type: ignore[arg-type]
    try:
        return "prompt", await ours.render(template, conversation)
    except TemplateFailed as error:
        return "error", error.reason


def failure(template: str, messages: list[JsonObject] = HELLO) -> TemplateFailed:
    with pytest.raises(TemplateFailed) as failed:
        asyncio.run(render_once(template, Conversation(messages)))
    return failed.value


def children() -> list[int]:
    return [
        child.pid
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE and str(WORKER) in child.cmdline()
    ]


def test_all_36_prompts_of_the_builtin_templates_are_exact() -> None:
    async def compare(ours: Renderer) -> int:
        count = 0
        for template_id, published in published_templates().items():
            tokens = {"bos_token": published.bos_token, "eos_token": published.eos_token}
            for case in published.cases:
                given = await outcome(ours, BUILTIN[template_id].text, case, **tokens)
                assert given == case.expected, (template_id, case.name)
                count += 1
        return count

    assert with_renderer(compare) == 36


def test_all_256_prompts_of_the_published_templates_are_exact() -> None:
    async def compare(ours: Renderer) -> int:
        count = 0
        for entry in templates_of_repositories():
            tokens = {"bos_token": entry.bos_token, "eos_token": entry.eos_token}
            for case in entry.cases:
                given = await outcome(ours, entry.template, case, **tokens)
                assert given == case.expected, (entry.repo, case.name)
                count += 1
        return count

    assert with_renderer(compare) == 256


@pytest.mark.parametrize(
    ("template", "prompt"),
    [
        ("{{ tools is defined }}", "False"),
        ("{{ {'ü': '<b>'} | tojson }}", '{"ü": "<b>"}'),
        ("{{ {'b': 1, 'a': [2]} | tojson(indent=1, sort_keys=true) }}",
         '{\n "a": [\n  2\n ],\n "b": 1\n}'),
        ("{% for i in range(9) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}", "01"),
        ("{% generation %}{% set x = 1 %}{{ x }}{% endgeneration %}{{ x }}", "1"),
        ("  {% if true %}\n\n  a\n{% endif %}\n\nb\n", "\n  a\n\nb"),
        ("{{ strftime_now('%%') }}", "%"),
        ("{{ 'a b' | wordwrap(1) }}", "a\nb"),
        ("{{ missing }}{{ messages[0].missing }}", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_the_environment_is_that_of_transformers(template: str, prompt: str) -> None:
    assert asyncio.run(render_once(template, Conversation(HELLO))) == prompt


def test_tools_options_and_tokens_reach_the_template() -> None:
    conversation = Conversation(
        HELLO,
        tools=[{"name": "f"}],
        add_generation_prompt=False,
        bos_token="<s>",
        eos_token="</s>",
        kwargs={"enable_thinking": False},
    )
    template = (
        "{{ bos_token }}{{ eos_token }}{{ tools[0].name }}{{ add_generation_prompt }}"
        "{{ enable_thinking }}"
    )
    assert asyncio.run(render_once(template, conversation)) == "<s></s>fFalseFalse"


@pytest.mark.parametrize(
    ("template", "line", "column"),
    [
        ("a\n  b {{ x } }", 2, 10),
        ("a\r\n  b {{ x } }", 2, 10),
        ("a\n  {%- if x %}\n  {{ y z }}", 3, 8),
        ("{{ ¬ }}", 1, 4),
        ("{% if x %}\n\n", 1, 9),
        ("äöü {% nonsense %}", 1, 8),
    ],
)
def test_a_syntax_error_names_line_and_column(template: str, line: int, column: int) -> None:
    error = failure(template)
    assert (error.line, error.column) == (line, column)
    assert f"in line {line}, column {column}" in error.message
    assert error.status == 422


@pytest.mark.parametrize(
    ("template", "reason", "line"),
    [
        ("\n{{ raise_exception('Not so.') }}", "Not so.", 2),
        ("\n\n{{ x.y.z }}", "'x' is undefined", 3),
        ("{% macro f(n) %}\n{{ 1 / n }}\n{% endmacro %}\n{{ f(0) }}", "division by zero", 2),
        ("{{ '' + 1 }}", 'can only concatenate str (not "int") to str', 1),
    ],
)
def test_an_error_while_rendering_has_its_reason_and_line(
    template: str, reason: str, line: int
) -> None:
    error = failure(template)
    assert (error.reason, error.line, error.column) == (reason, line, None)


def test_no_error_names_a_folder_or_an_address() -> None:
    errors = [
        failure("{{ 'x'.encode('iso2022_jp') }}"),
        failure("{{ raise_exception(''.join) }}"),
        failure("{% include '/etc/passwd' %}"),
    ]
    for error in errors:
        assert os.sep not in f"{error.message}{error.reason}"
        assert "0x" not in error.message


def test_a_prompt_may_have_4_mib_and_no_more() -> None:
    async def both(ours: Renderer) -> int:
        with pytest.raises(TemplateFailed, match="longer than 4 MiB"):
            await ours.render("{{ 'é' * 2097153 }}", Conversation(HELLO))
        return len((await ours.render("{{ 'é' * 2097152 }}", Conversation(HELLO))).encode())

    assert with_renderer(both) == 4 << 20


def test_a_conversation_beyond_4_mib_is_refused() -> None:
    huge: list[JsonObject] = [{"role": "user", "content": "x" * (6 << 20)}]
    with pytest.raises(ParameterInvalid, match="4 MiB"):
        asyncio.run(render_once("x", Conversation(huge)))


def test_half_a_surrogate_pair_is_refused_wherever_it_is() -> None:
    with pytest.raises(ParameterInvalid, match="Unicode"):
        asyncio.run(render_once("x", Conversation([{"role": "user", "content": "\ud800"}])))
    assert "surrogates not allowed" in failure(r"{{ '\ud800' }}").reason


def test_processes_start_with_the_first_use_are_kept_and_end_with_the_renderer() -> None:
    async def use(ours: Renderer) -> list[list[int]]:
        seen = [children()]
        for _ in range(3):
            await ours.render("x", Conversation(HELLO))
            seen.append(children())
        await asyncio.gather(*(ours.render("x", Conversation(HELLO)) for _ in range(9)))
        return [*seen, children()]

    none, first, second, third, both = with_renderer(use)
    assert none == []
    assert len(first) == 1
    assert first == second == third
    assert len(both) == 2
    assert children() == []


def test_a_process_that_was_killed_while_idle_is_replaced_unnoticed() -> None:
    async def use(ours: Renderer) -> str:
        await ours.render("x", Conversation(HELLO))
        [worker] = ours._alive
        os.kill(worker.pid, signal.SIGKILL)
        assert await asyncio.to_thread(wait_until, lambda: worker.has_ended, 10)
        return await ours.render("y", Conversation(HELLO))

    assert with_renderer(use, workers=1) == "y"


def test_after_a_template_that_never_ends_the_next_is_rendered_by_another_process() -> None:
    async def use(ours: Renderer) -> tuple[str, bool]:
        await ours.render("x", Conversation(HELLO))
        before = children()
        with pytest.raises(TemplateFailed, match="longer than 2 s"):
            await ours.render(ENDLESS, Conversation(HELLO))
        return await ours.render("y", Conversation(HELLO)), children() != before

    assert with_renderer(use, workers=1) == ("y", True)


def test_a_caller_that_leaves_takes_the_process_with_it_and_nobody_gets_its_answer() -> None:
    async def use(ours: Renderer) -> str:
        leaving = asyncio.create_task(ours.render(ENDLESS, Conversation(HELLO)))
        await asyncio.to_thread(wait_until, lambda: len(children()) == 1, 10)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        return await ours.render("y", Conversation(HELLO))

    assert with_renderer(use, workers=1) == "y"


def test_beyond_32_that_wait_a_caller_is_told_to_come_back() -> None:
    async def use(ours: Renderer) -> list[str | BaseException]:
        asked = (ours.render("y", Conversation(HELLO)) for _ in range(40))
        return await asyncio.gather(*asked, return_exceptions=True)

    given = with_renderer(use, workers=1)
    refused = [answer for answer in given if isinstance(answer, QueueFull)]
    assert len(refused) == 40 - 1 - 32
    assert given.count("y") == 33


def test_a_closed_renderer_starts_nothing() -> None:
    async def use(ours: Renderer) -> None:
        await ours.aclose()
        with pytest.raises(ShuttingDown):
            await ours.render("x", Conversation(HELLO))

    with_renderer(use)
    assert children() == []


def test_a_process_that_cannot_start_is_an_error_of_ours() -> None:
    async def use(program: list[str]) -> None:
        ours = Renderer(program=program)
        for _ in range(2):
            with pytest.raises(BodhiError, match="could not be started") as refused:
                await ours.render("x", Conversation(HELLO))
            assert refused.value.status == 500
        await ours.aclose()

    asyncio.run(use(["/nowhere/at-all"]))
    asyncio.run(use([sys.executable, "-c", "print('no frame')"]))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's tie is Linux's own")
def test_the_process_dies_with_its_parent(tmp_path: Path) -> None:
    program = (
        "import asyncio, os\n"
        "from bodhi.chat_templates.worker_process import WorkerProcess\n"
        "async def main():\n"
        "    worker = await WorkerProcess.start()\n"
        "    print(worker.pid, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )

    async def pid_of_orphan() -> int:
        parent = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await parent.communicate()
        return int(out)

    pid = asyncio.run(pid_of_orphan())
    assert wait_until(lambda: _is_gone(pid), 10)


def _is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
