"""How every benchmark speaks: one line a figure, the median of several rounds and their spread."""

import json
import statistics
import sys
from collections.abc import Sequence


def figure(name: str, values: Sequence[float], unit: str, *, places: int = 2) -> dict[str, object]:
    """Print one figure and return it: median, least and greatest of ``values``."""
    found = {
        "name": name,
        "unit": unit,
        "median": statistics.median(values),
        "least": min(values),
        "greatest": max(values),
        "rounds": len(values),
    }
    if "--json" in sys.argv:
        print(json.dumps(found), flush=True)
    else:
        middle, low, high = (f"{found[key]:,.{places}f}" for key in ("median", "least", "greatest"))
        print(
            f"{name:<58} {middle:>12} {unit:<6} ({low} to {high}, {len(values)} rounds)", flush=True
        )
    return found


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """Round by round, so that what slows a whole round down cancels out."""
    return [a / b for a, b in zip(above, below, strict=True)]


def note(text: str) -> None:
    """Print what belongs to the figures for people to know."""
    if "--json" not in sys.argv:
        print(text, flush=True)
