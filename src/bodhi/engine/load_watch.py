"""Waits for a load as long as it makes progress, within bounds of time and memory."""

import asyncio

from bodhi.engine.contract import EngineProcess, EngineSpec, LoadSample
from bodhi.errors import EngineLoadFailed, EngineLoadTimeout

# A template that loops forever keeps the processor busy: progress alone would never end.
SLOWEST_READ_BYTES_PER_S = 10_000_000
MEMORY_FACTOR = 2
MEMORY_SPARE_BYTES = 1 << 30
_LOOK_EVERY_S = 0.25


async def watch_load(process: EngineProcess, spec: EngineSpec, *, timeout_s: float) -> None:
    """Return when ``process`` is ready.

    Raises EngineLoadTimeout when it made no progress for ``timeout_s`` seconds, or took longer
    than that and the time that a slow disk needs for the file; EngineLoadFailed when it ended, or
    took far more memory than the model can need. The process is left to the caller.
    """
    ready = asyncio.ensure_future(process.wait_ready())
    try:
        await _until_ready(ready, process, spec, timeout_s)
    finally:
        ready.cancel()
        # Waited for and looked at, or its own error would be logged as lost.
        await asyncio.gather(ready, return_exceptions=True)


async def _until_ready(
    ready: "asyncio.Future[None]", process: EngineProcess, spec: EngineSpec, timeout_s: float
) -> None:
    now = asyncio.get_running_loop().time
    last: LoadSample | None = None
    started_at = progress_at = now()
    ends_at = started_at + timeout_s + spec.size_bytes / SLOWEST_READ_BYTES_PER_S
    most_bytes = MEMORY_FACTOR * max(spec.memory_bytes, spec.size_bytes) + MEMORY_SPARE_BYTES
    while True:
        await asyncio.wait({ready}, timeout=min(_LOOK_EVERY_S, timeout_s))
        if ready.done():
            return ready.result()
        sample = process.sample()
        if sample is not None and (last is None or _is_progress(last, sample)):
            last, progress_at = sample, now()
        if now() - progress_at >= timeout_s:
            raise _timeout(spec, "made no progress", now() - progress_at)
        if now() >= ends_at:
            raise _timeout(spec, "was not done", now() - started_at)
        if sample is not None and sample.resident_bytes > most_bytes:
            raise _too_large(spec, sample.resident_bytes)


def _is_progress(before: LoadSample, after: LoadSample) -> bool:
    return (
        after.cpu_s > before.cpu_s
        or after.resident_bytes > before.resident_bytes
        or after.output_bytes > before.output_bytes
    )


def _timeout(spec: EngineSpec, what: str, seconds: float) -> EngineLoadTimeout:
    return EngineLoadTimeout(
        f"Loading {spec.model_path.name} {what} for {seconds:.0f} s and was given up.",
        remedy="Raise load_timeout_s if the disk is slow; otherwise look at the chat template, "
        "which can hang a load.",
    )


def _too_large(spec: EngineSpec, resident_bytes: int) -> EngineLoadFailed:
    return EngineLoadFailed(
        f"Loading {spec.model_path.name} took {resident_bytes >> 20:,} MiB of memory, far more "
        "than the model needs, and was given up.",
        remedy="Look at the chat template and at the context size.",
    )
