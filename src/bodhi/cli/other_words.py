"""What other programs call what ``bodhi`` does: the first guess gets an answer that helps.

Ollama's whole list of commands is here, then words of LM Studio, llama-swap and Docker.
docs/how-to/coming-from-ollama.md shows the same rows.
"""

import shlex
from dataclasses import dataclass
from typing import Any

from typer.core import TyperGroup

from bodhi.cli.output import clean


@dataclass(frozen=True, slots=True)
class OtherWord:
    """``words`` that Bodhi lacks, the commands that do it here, and what differs.

    In a command, NAME and NEW stand for what was typed after the word.
    """

    words: tuple[str, ...]
    commands: tuple[str, ...]
    remark: str = ""


OTHER_WORDS = (
    OtherWord(("run", "generate"), ("bodhi chat NAME",)),
    OtherWord(("list", "ls"), ("bodhi aliases list", "bodhi models list")),
    OtherWord(("show", "inspect"), ("bodhi aliases show NAME", "bodhi models show NAME")),
    OtherWord(
        ("create", "new"),
        ("bodhi aliases create NAME --from OWNER/REPO:QUANT",),
        "--set temperature=0.2 gives a value",
    ),
    OtherWord(("cp", "copy"), ("bodhi aliases clone NAME NEW",)),
    OtherWord(("mv",), ("bodhi aliases rename NAME NEW",)),
    OtherWord(
        ("rm", "remove"),
        ("bodhi aliases delete NAME",),
        "to the trash; the model file stays",
    ),
    OtherWord(("ps", "status"), ("bodhi engines list",)),
    OtherWord(("stop", "unload"), ("bodhi engines stop ID",), "bodhi engines list shows the ID"),
    OtherWord(("load",), ("bodhi chat NAME",), "a model is loaded when it is asked for"),
    OtherWord(("start",), ("bodhi serve",)),
    OtherWord(("get", "download"), ("bodhi pull OWNER/REPO:QUANT",)),
    OtherWord(
        ("import",),
        ("bodhi settings",),
        "model_folders names folders of model files, which stay where they are",
    ),
    OtherWord(
        ("push",),
        ("bodhi aliases show NAME",),
        "nothing is uploaded; what can be handed on is the alias file",
    ),
    OtherWord(
        ("signin", "signout", "login", "logout"),
        ("bodhi pull OWNER/REPO:QUANT",),
        "there is no account; $HF_TOKEN opens repositories that ask for one",
    ),
    OtherWord(("launch",), ("bodhi serve",), "programs are given its address, with /v1"),
    OtherWord(("log",), ("bodhi engines logs ID",)),
    OtherWord(("help",), ("bodhi --help",)),
)

# Within a noun these do what the first verb does that the noun has.
_SHORT_FORMS = {
    "ls": ("list",),
    "ps": ("list",),
    "rm": ("delete", "revoke"),
    "remove": ("delete", "revoke"),
    "cp": ("clone",),
    "copy": ("clone",),
    "mv": ("rename",),
    "inspect": ("show",),
    "unload": ("stop",),
    "new": ("create",),
}


class Verbs(TyperGroup):
    """The program or a noun of it; a word that is not its own is answered, not only refused."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as the base has it
        """The command of this name, or of the verb that this is a short form of."""
        meant = (cmd_name, *_SHORT_FORMS.get(cmd_name, ()))
        return next((self.commands[verb] for verb in meant if verb in self.commands), None)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As TyperGroup does; ends with a usage error that names the command which was meant."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            said = answer(args[0], args[1:]) or _own_word(ctx.find_root().command, args)
            if said:
                ctx.fail(f"No such command {args[0]!r}. Bodhi calls it: {said}")
        return super().resolve_command(ctx, args)


def answer(word: str, rest: list[str]) -> str | None:
    """The commands for another program's ``word``, with what of ``rest`` they take."""
    for row in OTHER_WORDS:
        if word in row.words:
            said = ", or ".join(_filled(command, rest) for command in row.commands)
            return f"{said} ({row.remark})" if row.remark else said
    return None


def _filled(command: str, rest: list[str]) -> str:
    # What follows an option may be its value.
    first_option = next((at for at, typed in enumerate(rest) if typed.startswith("-")), len(rest))
    typed = [clean(shlex.quote(argument)) for argument in rest[:first_option]]
    for placeholder, argument in zip(("NAME", "NEW"), typed, strict=False):
        command = command.replace(placeholder, argument, 1)
    return command


def _own_word(program: Any, args: list[str]) -> str | None:
    """Where a verb of ours stands that was typed without its noun, or after another one."""
    word, *rest = args
    nouns = [name for name, noun in program.commands.items() if word in _verbs(noun)]
    found = [f"bodhi {noun} {word}" for noun in nouns]
    if word in program.commands:
        found.insert(0, f"bodhi {word}")
    typed = clean(shlex.join(rest))
    return ", or ".join(f"{command} {typed}".rstrip() for command in found) or None


def _verbs(command: Any) -> Any:
    return getattr(command, "commands", ())
