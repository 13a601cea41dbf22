"""How an engine ended, in words for whoever waited for it. Pure."""

import signal

from bodhi.engine.contract import EngineExit
from bodhi.errors import EngineCrashed, EngineLoadFailed

_QUOTED_LINES = 2
_LOG_REMEDY = "Look at the engine's log lines, then try again."
_SIGNAL_REMEDIES = {
    "SIGKILL": "Somebody killed it, or the machine ran out of memory: try a smaller context size, "
    "fewer slots or a smaller quantization.",
    "SIGILL": "This processor lacks instructions that the engine was compiled for (AVX2, FMA).",
}


def ending(returncode: int | None) -> str:
    """``SIGKILL`` for -9, ``exit code 3`` for 3."""
    if returncode is None:
        return "connection lost"
    if returncode >= 0:
        return f"exit code {returncode}"
    try:
        return signal.Signals(-returncode).name
    except ValueError:
        return f"signal {-returncode}"


def crashed(model: str, exit_: EngineExit) -> EngineCrashed:
    """The error for a request that was in the engine of ``model`` (a file name) when it died."""
    if exit_.returncode is None:
        return EngineCrashed(f"The connection to {model} broke off.", remedy="Try again.")
    word = ending(exit_.returncode)
    return EngineCrashed(
        f"The engine of {model} ended unexpectedly ({word}){_quote(exit_.lines[-_QUOTED_LINES:])}",
        remedy=_SIGNAL_REMEDIES.get(word, "Try again; a fresh engine is started."),
    )


def load_failed(model: str, exit_: EngineExit) -> EngineLoadFailed:
    """The error for everybody who waited for this load."""
    # The first lines: llama.cpp names the cause first and then everyone it told.
    cause = tuple(dict.fromkeys(exit_.lines))[:_QUOTED_LINES]
    word = ending(exit_.returncode)
    return EngineLoadFailed(
        f"The engine could not load {model} ({word}){_quote(cause)}",
        remedy=_SIGNAL_REMEDIES.get(word, _LOG_REMEDY),
    )


def _quote(lines: tuple[str, ...]) -> str:
    return f": {'; '.join(lines)}" if lines else "."
