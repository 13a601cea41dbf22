"""What this machine has, cores for threads and memory for models; and what it must not keep."""

import os
import sys

import psutil


def cores() -> int:
    """Physical cores this process may use: hyper-threads make llama.cpp slower, not faster."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    physical = psutil.cpu_count(logical=False) or allowed or 1
    return max(1, min(physical, allowed or physical))


def free_memory() -> int:
    """Bytes that a new process can take without pushing others out (``MemAvailable``).

    Inside a container the cgroup's limit (v2) may be lower than the machine's memory.
    """
    free = int(psutil.virtual_memory().available)
    if (room := _cgroup_room()) is not None:
        free = min(free, room)
    return free


def forbid_core_dumps() -> None:
    """For this process and every child of it: a core dump would write prompts and keys to disk."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _cgroup_room() -> int | None:
    try:
        with open("/sys/fs/cgroup/memory.max", encoding="ascii") as limit_file:  # noqa: PTH123
            limit = limit_file.read().strip()
        with open("/sys/fs/cgroup/memory.current", encoding="ascii") as used_file:  # noqa: PTH123
            used = int(used_file.read())
    except (OSError, ValueError):
        return None
    return int(limit) - used if limit.isdigit() else None
