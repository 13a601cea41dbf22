"""The card beside the model: its size, checksum, recipe and measured figures."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from . import styles
from .evaluate import Figures, Score, SplitFigures, StoryFigures


def _score(score: Score) -> dict[str, float]:
    share = round(100 * score.right / score.of, 1) if score.of else 0.0
    return {"right": score.right, "of": score.of, "percent": share}


def _split(figures: SplitFigures) -> dict[str, object]:
    found: dict[str, object] = {group: _score(s) for group, s in figures.groups.items()}
    found["follow_up"] = _score(figures.follow_ups)
    for style, scores in figures.styles.items():
        found[f"system_prompt_{style}"] = {name: _score(s) for name, s in scores.items()}
    found["ended_by_itself"] = _score(figures.ended)
    return found


def _stories(figures: StoryFigures) -> dict[str, object]:
    return {name: _score(score) for name, score in vars(figures).items()}


def write_card(model: Path, facts: Mapping[str, object], figures: Figures) -> Path:
    """Write what is known about ``model`` to a JSON file beside it."""
    content = model.read_bytes()
    card = {
        "name": "Bodhi demo",
        "license": "MIT",
        "file": model.name,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "system_prompts": styles.CANONICAL,
        "training": dict(facts),
        "held_back": {split: _split(part) for split, part in figures.splits.items()},
        "stories": _stories(figures.stories),
    }
    target = model.with_suffix(".json")
    target.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return target
