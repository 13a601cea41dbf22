"""The fenced blocks of Markdown pages, and the commands in those for a shell."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.contract.project import ROOT, files

SHELL = {"bash", "console", "sh", "shell", "zsh"}
PAGES = tuple(path for path in files() if path.suffix == ".md")

_FENCE = re.compile(r"(?ms)^( *)(`{3,}|~{3,})[ \t]*([^\n`]*)\n(.*?)^ *\2[`~]*[ \t]*$")
_PROMPT = "$ "


@dataclass(frozen=True)
class Block:
    """One fenced block. ``line`` is where its fence is."""

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Command:
    """What somebody types, and what the page shows of the answer (None: it shows nothing)."""

    block: Block
    text: str
    shown: str | None = None


def blocks(page: str, text: str) -> list[Block]:
    """Every fenced block of a page, in order."""
    return [
        Block(
            page,
            text.count("\n", 0, found.start()) + 1,
            found[3].strip().split(" ")[0].lower(),
            re.sub(rf"(?m)^ {{0,{len(found[1])}}}", "", found[4]),
        )
        for found in _FENCE.finditer(text)
    ]


def page_blocks(path: Path) -> list[Block]:
    return blocks(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))


def commands(block: Block) -> list[Command]:
    """The commands of a block for a shell.

    With prompts, what follows a command is what it prints; without any, there are only commands.
    Raises ValueError where a command is not complete.
    """
    if block.text.startswith(_PROMPT):
        return [_prompted(block, piece) for piece in re.split(r"(?m)^\$ ", block.text)[1:]]
    return [Command(block, text) for text in _complete(block, block.text.splitlines())]


def _prompted(block: Block, piece: str) -> Command:
    lines = piece.splitlines()
    end = 1
    while end < len(lines) and lines[end].startswith("> "):
        end += 1
    typed = [lines[0], *(line.removeprefix("> ") for line in lines[1:end])]
    (text,) = _complete(block, typed)
    return Command(block, text, "\n".join(lines[end:]))


def _complete(block: Block, lines: list[str]) -> Iterator[str]:
    """Lines put together until the shell takes them: loops, here-documents, long commands."""
    pending: list[str] = []
    for line in lines:
        pending.append(line)
        text = "\n".join(pending)
        if not text.strip() or all(part.lstrip().startswith("#") for part in pending):
            pending = []
        elif not line.endswith("\\") and _is_syntax(text):
            yield text
            pending = []
    if pending:
        raise ValueError(f"{block}: this command does not end: {pending[0]}")


def _is_syntax(text: str) -> bool:
    checked = subprocess.run(
        ["bash", "-n", "-c", text], capture_output=True, text=True, check=False
    )
    return checked.returncode == 0 and "here-document" not in checked.stderr
