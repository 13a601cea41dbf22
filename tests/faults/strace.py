"""Runs one act in a process and lets one of its system calls fail, or be its last: by strace.

Counting is strace's own: the Nth call of that name since it attached. An act makes the same calls
each time, so a run that only records tells which ones there are.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.faults.acts import aliases_of, make_home
from tests.faults.forge import BEGIN

_ROOT = Path(__file__).parents[2]
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$")
# Of no interest to a disk: memory, clocks, signals. Failing them is failing Python itself.
_OTHERS = {
    *("brk", "mmap", "munmap", "mprotect", "mremap", "madvise", "futex", "getrandom", "getpid"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "clock_gettime", "gettimeofday", "gettid"),
    *("exit_group", "clock_nanosleep", "restart_syscall", "sched_yield", "prctl"),
    "rt_sigtimedwait",
}


@dataclass(frozen=True)
class Call:
    """The ``number``-th call of ``name``; ``text`` is what strace wrote of it."""

    name: str
    number: int
    text: str

    def promises(self, look: object) -> bool:
        """Whether it syncs what the act is about. Aliases have a sidecar, lost without harm; that
        a published draft is gone, the next start finds out."""
        is_beside = look is aliases_of and ("/state" in self.text or "/drafts" in self.text)
        return self.name == "fsync" and not is_beside


@dataclass
class Tracer:
    """``folder`` is for homes and logs; each run has a home of its own."""

    forge: "subprocess.Popen[str]"
    folder: Path
    runs: int = 0

    def run(self, act: str, disk: str, injection: str | None) -> tuple[Path, str | None, str]:
        """(home, outcome, log) of one act. ``injection``: as strace's ``-e inject=`` takes it."""
        self.runs += 1
        home, log = self.folder / f"home-{self.runs}", self.folder / "log"
        shutil.copytree(_made_home(self.folder), home)
        self._tell(json.dumps({"home": str(home), "act": act, "disk": disk}))
        pid = self._answer()
        with _attached(int(pid), log, injection):
            self._tell("go")
            outcome: str | None = json.loads(self._answer())
        return home, outcome, log.read_text(errors="replace")

    def calls(self, act: str, disk: str) -> list[Call]:
        """Every system call that the act makes, in order."""
        _, outcome, log = self.run(act, disk, None)
        assert outcome == "saved", outcome
        counted: Counter[str] = Counter()
        calls: list[Call] = []
        has_begun = False
        for line in log.splitlines():
            if match := _CALL.match(line):
                name, rest = match.groups()
                counted[name] += 1
                if has_begun and name not in _OTHERS:
                    calls.append(Call(name, counted[name], rest))
                has_begun = has_begun or BEGIN in rest
        # The last ones report the outcome.
        return [call for call in calls if not (call.name == "write" and "saved" in call.text)]

    def _tell(self, line: str) -> None:
        assert self.forge.stdin
        self.forge.stdin.write(line + "\n")
        self.forge.stdin.flush()

    def _answer(self) -> str:
        assert self.forge.stdout
        return self.forge.stdout.readline()


def was_tried_again(log: str) -> bool:
    """Whether the call that was made to fail came again for the same file."""
    before, _, after = log.partition("INJECTED")
    failed = before.splitlines()[-1].partition(")")[0]
    return any(line.startswith(failed) for line in after.splitlines())


@contextmanager
def tracer(folder: Path) -> Iterator[Tracer]:
    """A forge of processes to trace."""
    forge = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.forge"],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Tracer(forge, folder)
    finally:
        forge.kill()
        forge.communicate()


@contextmanager
def _attached(pid: int, log: Path, injection: str | None) -> Iterator[None]:
    command = ["strace", "-y", "-s", "100", "-o", str(log), "-p", str(pid)]
    if injection:
        command += ["-e", f"inject={injection}"]
    strace = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert strace.stderr
        said = strace.stderr.readline()
        assert "attached" in said, said
        yield
    finally:
        strace.terminate()
        strace.communicate()


@cache
def _made_home(folder: Path) -> Path:
    home = make_home(folder / "made")
    # A file changed just now is read more often: what is done must not depend on the time.
    os.utime(home / "aliases" / "a.yaml", (1_000_000_000, 1_000_000_000))
    return home


@cache
def why_not() -> str | None:
    """Why nothing can be traced here; None if it can."""
    if not shutil.which("strace"):
        return "strace is not installed"
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        try:
            with _attached(sleeper.pid, Path("/dev/null"), None):
                return None
        except AssertionError as error:
            return f"strace may not attach: {error}".splitlines()[0]
        finally:
            sleeper.kill()
