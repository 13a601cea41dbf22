"""What sampling makes of a distribution, written a second time and in another way than the page.

    python -m tests.params.distribution_reference    writes distribution_vectors.json anew

In exact fractions of likelihoods, token by token, as llama.cpp's samplers are described: top-k,
top-p, min-p, then temperature.
"""

import json
import math
from itertools import product
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("distribution_vectors.json")
LOGITS = [5, 4.2, 3.7, 3.1, 2.6, 2, 1.5, 1, 0.4, -0.3, -1, -2]

_TEMPERATURES = (0, 0.2, 1, 2)
_CUTS: tuple[dict[str, float], ...] = (
    {},
    {"top_k": 1},
    {"top_k": 4},
    {"top_k": 40},
    {"top_p": 0.9},
    {"top_p": 0.3},
    {"top_p": 0},
    {"min_p": 0.05},
    {"min_p": 0.5},
    {"min_p": 1},
    {"top_k": 6, "top_p": 0.8, "min_p": 0.1},
)


def chances(temperature: float, top_k: float, top_p: float, min_p: float) -> list[float]:
    """The chance of each token of ``LOGITS``; 0 for one that is cut off."""
    likely = {place: math.exp(logit) for place, logit in enumerate(LOGITS)}
    ranked = sorted(likely, key=lambda place: -likely[place])
    if top_k > 0:
        ranked = ranked[: int(top_k)]
    ranked = _nucleus(ranked, likely, top_p)
    floor = min_p * likely[ranked[0]]
    ranked = [place for place in ranked if likely[place] >= floor] or ranked[:1]
    if temperature == 0:
        return [1.0 if place == ranked[0] else 0.0 for place in likely]
    heated = {place: likely[place] ** (1 / temperature) for place in ranked}
    whole = math.fsum(heated.values())
    return [heated.get(place, 0.0) / whole for place in likely]


def _nucleus(ranked: list[int], likely: dict[int, float], top_p: float) -> list[int]:
    if top_p >= 1:
        return ranked
    whole = math.fsum(likely[place] for place in ranked)
    for count in range(1, len(ranked) + 1):
        if math.fsum(likely[place] for place in ranked[:count]) / whole >= top_p:
            return ranked[:count]
    return ranked


def vectors() -> dict[str, Any]:
    """Every case with its answer."""
    nothing = {"top_k": 0, "top_p": 1, "min_p": 0}
    samplings = [{"temperature": t, **nothing, **cut} for t, cut in product(_TEMPERATURES, _CUTS)]
    return {
        "logits": LOGITS,
        "vectors": [
            {"sampling": one, "chances": [float(f"{c:.9g}") for c in chances(**one)]}
            for one in samplings
        ],
    }


def text() -> str:
    """The file."""
    return json.dumps(vectors(), indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
