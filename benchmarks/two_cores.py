"""Two processors to pin to: one for what is measured, one for everything else."""

import os


def two_cores() -> tuple[int, int]:
    """The first two this process may use. Raises SystemExit where there is only one."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise SystemExit("This benchmark needs two processors.")
    return cores[0], cores[1]
