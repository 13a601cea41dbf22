"""The one render function: a template and a conversation in, the prompt out.

Nothing is rendered in this process. A few limited processes are kept warm for it; one whose
template takes too long, or too much, is killed and replaced.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, cast

import orjson

from bodhi.chat_templates.kwargs import check_kwargs
from bodhi.chat_templates.size import MAX_TEMPLATE_BYTES
from bodhi.chat_templates.worker_process import WorkerGone, WorkerProcess
from bodhi.errors import BodhiError, ParameterInvalid, QueueFull, ShuttingDown, TemplateFailed
from bodhi.params.values import Json, JsonObject

WALL_S = 2.0
_CONVERSATION_BYTES = 4 << 20
_MOST_WAITING = 32

Kind: TypeAlias = Literal["syntax", "refused", "forbidden", "failed", "memory", "output"]

_FACTS: dict[Kind, str] = {
    "syntax": "The chat template has an error",
    "refused": "The chat template refuses these messages",
    "forbidden": "The chat template reaches for what it may not have",
    "failed": "The chat template fails on these messages",
    "memory": "The chat template needs too much memory",
    "output": "The chat template's prompt is longer than 4 MiB",
}
_GONE = "The chat template ended the process that renders it"
_TOO_SLOW = f"The chat template took longer than {WALL_S:g} s"


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is rendered. Without ``tools`` the template sees none, as in llama.cpp.

    ``kwargs`` are the caller's own (``chat_template_kwargs``); names that are taken are refused.
    """

    messages: Sequence[Mapping[str, Json]]
    tools: Sequence[Json] | None = None
    add_generation_prompt: bool = True
    bos_token: str = ""
    eos_token: str = ""
    kwargs: JsonObject = field(default_factory=dict)

    def variables(self) -> dict[str, object]:
        """By the names that templates use. Raises ParameterInvalid for a name that is taken."""
        check_kwargs(self.kwargs)
        named: dict[str, object] = {
            **self.kwargs,
            "messages": self.messages,
            "add_generation_prompt": self.add_generation_prompt,
            "bos_token": self.bos_token,
            "eos_token": self.eos_token,
        }
        return named if self.tools is None else {**named, "tools": self.tools}


class Renderer:
    """Keeps up to ``workers`` processes, from the first use on. Belongs to one event loop.

    ``program`` replaces the command line of the processes in tests.
    """

    def __init__(self, *, workers: int = 2, program: Sequence[str] | None = None) -> None:
        self._program = program
        # None stands for a process that is not started yet; the warm ones are taken first.
        self._free: asyncio.LifoQueue[WorkerProcess | None] = asyncio.LifoQueue()
        for _ in range(workers):
            self._free.put_nowait(None)
        self._replacing: set[asyncio.Task[None]] = set()
        self._alive: set[WorkerProcess] = set()
        self._waiting = 0
        self._is_closed = False

    async def render(self, template: str, conversation: Conversation) -> str:
        """The prompt, within 2 s once its turn has come.

        Raises TemplateFailed for a template with an error, one that refuses the messages, and one
        that goes past a limit; ParameterInvalid for kwargs and texts that are not accepted, and
        QueueFull.
        """
        job = _job(template, conversation)
        async with self._turn() as worker:
            try:
                async with asyncio.timeout(WALL_S):
                    reply = await worker.ask(job)
            except (TimeoutError, WorkerGone) as error:
                slow = isinstance(error, TimeoutError)
                raise _limit(_TOO_SLOW if slow else _GONE) from None
            if reply[:1] == b"E":
                told = orjson.loads(reply[1:])
                # What it took it may not give back.
                worker.is_usable = told["kind"] != "memory"
                raise _failed(told)
            return reply[1:].decode()

    async def aclose(self) -> None:
        """End every process; nothing is rendered afterwards."""
        self._is_closed = True
        await asyncio.gather(*self._replacing)
        await asyncio.gather(*(worker.kill() for worker in self._alive))
        self._alive.clear()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[WorkerProcess]:
        """A process to ask; afterwards it is kept for the next caller, or replaced."""
        if self._waiting >= _MOST_WAITING:
            raise QueueFull("Too many chat templates wait to be rendered.", retry_after_s=2)
        self._waiting += 1
        try:
            worker = await self._free.get()
        finally:
            self._waiting -= 1
        try:
            if worker is None or worker.has_ended:
                worker = await self._start(instead_of=worker)
            yield worker
        finally:
            if worker is None or worker.is_usable:
                self._free.put_nowait(worker)
            else:
                # In a task of its own: the caller has an answer, and may be gone.
                task = asyncio.get_running_loop().create_task(self._replace(worker))
                self._replacing.add(task)
                task.add_done_callback(self._replacing.discard)

    async def _replace(self, worker: WorkerProcess) -> None:
        fresh = None
        try:
            await worker.kill()
            fresh = await self._start(instead_of=worker)
        except BodhiError:
            pass  # the next caller tries again, and is told
        finally:
            self._free.put_nowait(fresh)

    async def _start(self, *, instead_of: WorkerProcess | None) -> WorkerProcess:
        if instead_of is not None:
            self._alive.discard(instead_of)
        if self._is_closed:
            raise ShuttingDown("The server is stopping.")
        worker = await WorkerProcess.start(self._program)
        self._alive.add(worker)
        return worker


async def render_once(template: str, conversation: Conversation) -> str:
    """As ``Renderer.render``, with a process for this one time: for the command line."""
    renderer = Renderer(workers=1)
    try:
        return await renderer.render(template, conversation)
    finally:
        await renderer.aclose()


def _job(template: str, conversation: Conversation) -> bytes:
    try:
        job = orjson.dumps({"template": template, "variables": conversation.variables()})
    except TypeError:
        raise ParameterInvalid("The conversation is not valid Unicode, or no JSON.") from None
    if len(job) > _CONVERSATION_BYTES + 6 * MAX_TEMPLATE_BYTES:
        raise ParameterInvalid(
            f"The conversation is larger than {_CONVERSATION_BYTES >> 20} MiB.", pointer="/messages"
        )
    return job


def _limit(fact: str) -> TemplateFailed:
    return TemplateFailed(f"{fact}.", reason=fact)


def _failed(told: dict[str, Any]) -> TemplateFailed:
    kind = cast("Kind", told["kind"])
    fact, reason, line, column = _FACTS[kind], told["message"], told["line"], told["column"]
    place = "" if line is None else f" in line {line}"
    place += "" if column is None else f", column {column}"
    text = f"{fact}{place}: {reason.rstrip('.')}." if reason else f"{fact}{place}."
    return TemplateFailed(text, reason=reason or fact, line=line, column=column)
