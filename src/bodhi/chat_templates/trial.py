"""Tries a chat template on three sample conversations."""

from collections.abc import Sequence
from dataclasses import dataclass

from bodhi.chat_templates.render import Conversation, Renderer
from bodhi.chat_templates.samples import SAMPLES, TOOLS
from bodhi.chat_templates.special import special_spans
from bodhi.errors import TemplateFailed
from bodhi.params.findings import Edit, Finding
from bodhi.params.rules.rule import Severity

# What the samples say, as a template must show it.
_SYSTEM_TEXT = "Answer in one word."
_REPLY = "Paris."
_TOOL = "get_weather"
_ANY_DATE = "01 Feb 2003"
_POINTER = "/chat_template"


@dataclass(frozen=True, slots=True)
class Trial:
    """``error`` says why a plain conversation gets no prompt: such a template serves nobody."""

    error: TemplateFailed | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def told(self) -> tuple[Finding, ...]:
        """All of it as findings."""
        if self.error is None:
            return self.findings
        return (Finding(self.error.code, Severity.ERROR, self.error.message, pointer=_POINTER),)


async def try_template(
    renderer: Renderer,
    text: str,
    *,
    bos_token: str = "",
    eos_token: str = "",
    stop: Sequence[str] = (),
) -> Trial:
    """``stop`` are the alias's own stop words, ``eos_token`` ends a sequence of its model."""

    async def shown(name: str, **options: str) -> str:
        conversation = Conversation(
            SAMPLES[name],
            tools=TOOLS if name == "tools" else None,
            bos_token=bos_token,
            eos_token=eos_token,
            kwargs={**options},
        )
        return await renderer.render(text, conversation)

    async def said(name: str, **options: str) -> str:
        try:
            return await shown(name, **options)
        except TemplateFailed:
            return ""

    try:
        plain = await shown("plain")
    except TemplateFailed as error:
        return Trial(error)
    findings = []
    if _SYSTEM_TEXT not in await said("system"):
        findings.append(_NO_SYSTEM)
    if _TOOL not in await said("tools"):
        findings.append(_NO_TOOLS)
    if await said("plain", date_string=_ANY_DATE) != plain:
        findings.append(_DATED)
    marker = _end_of_turn(plain, bos_token, eos_token)
    if marker and eos_token and marker not in {eos_token, *stop}:
        findings.append(_other_end(marker, eos_token, stop))
    return Trial(findings=tuple(findings))


def _end_of_turn(prompt: str, *tokens: str) -> str | None:
    """The special token that follows the assistant's reply at once, if one does."""
    _, _, rest = prompt.partition(_REPLY)
    rest = rest.lstrip()
    begin, end = next(special_spans(rest, *tokens), (1, 1))
    return rest[:end] if begin == 0 else None


_NO_SYSTEM = Finding(
    "template-system",
    Severity.INFO,
    "The chat template has no place for a system message; the engine puts it in front of the "
    "user's first one.",
    pointer=_POINTER,
)
_NO_TOOLS = Finding(
    "template-tools", Severity.INFO, "The chat template shows no tools.", pointer=_POINTER
)
_DATED = Finding(
    "template-date",
    Severity.INFO,
    "The chat template writes a date; the engine tells it today's, a preview does not.",
    pointer=_POINTER,
)


def _other_end(marker: str, eos_token: str, stop: Sequence[str]) -> Finding:
    return Finding(
        "template-end",
        Severity.INFO,
        f"The chat template ends a turn with {marker}, the model a sequence with {eos_token}: "
        "answers may not end.",
        ("stop",),
        f"Add {marker} to stop",
        (Edit(("request_params", "stop"), [*stop, marker]),),
    )
