"""The refusal of a load that would not fit the machine's memory, in words. Pure."""

from math import ceil

from bodhi.errors import NotEnoughMemory

_MIB = 1 << 20


def not_enough_memory(model: str, needed_bytes: int, free_bytes: int) -> NotEnoughMemory:
    """The refusal for ``model`` (a file name), in MiB."""
    return NotEnoughMemory(
        f"Loading {model} needs about {ceil(needed_bytes / _MIB):,} MiB of memory; "
        f"{max(0, free_bytes) // _MIB:,} MiB are free.",
        remedy="Use a smaller context size, fewer slots, a smaller cache type or a smaller "
        "quantization, or stop other programs.",
    )
