"""Questions to the person at the terminal, beside standard output."""

import sys

from bodhi.cli.output import clean


def can_ask() -> bool:
    """Whether somebody sits there to answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(question: str) -> str:
    """The line typed after ``question``, without blanks around it; empty at the end of input."""
    sys.stderr.write(clean(question) + " ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()
