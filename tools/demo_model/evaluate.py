"""Measuring the model through llama.cpp: exact answers, greedy.

``python -m tools.demo_model.evaluate --split development`` prints a table;
``--json`` prints the figures, ``--wrong`` every wrong answer.
"""

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path

from . import stories, styles
from .engine import Engine, Reply, Request, question
from .kinds.base import article
from .names import KNOWN, PRONOUNS
from .split import SPLITS, Question, Split, held_back, held_follow_ups, wording_split

_PACKAGE = Path(__file__).resolve().parents[2] / "src" / "bodhi" / "demo"
MODEL = _PACKAGE / "models" / "bodhi" / "demo" / "demo.Q8_0.gguf"
STYLED = 60
STORY_SEEDS = 40
STORY_TEMPERATURES = (0.7, 1.0)


@dataclass
class Score:
    """How many of how many were right."""

    right: int = 0
    of: int = 0

    def count(self, good: bool) -> None:
        """Count one more."""
        self.right += good
        self.of += 1

    def __str__(self) -> str:
        share = 100 * self.right / self.of if self.of else 0.0
        return f"{self.right}/{self.of} {share:.1f} %"


@dataclass
class Wrong:
    """A wrong answer."""

    group: str
    kind: str
    prompt: str
    expected: str
    got: str


@dataclass
class SplitFigures:
    """The figures of one held-back split."""

    groups: dict[str, Score] = field(default_factory=dict)
    kinds: dict[str, dict[str, Score]] = field(default_factory=dict)
    styles: dict[str, dict[str, Score]] = field(default_factory=dict)
    follow_ups: Score = field(default_factory=Score)
    ended: Score = field(default_factory=Score)
    wrong: list[Wrong] = field(default_factory=list)


@dataclass
class StoryFigures:
    """How much stories differ, and whether they are what was asked for."""

    distinct: Score = field(default_factory=Score)
    as_asked: Score = field(default_factory=Score)
    consistent: Score = field(default_factory=Score)
    ended: Score = field(default_factory=Score)
    repeatable: Score = field(default_factory=Score)


@dataclass
class Figures:
    """Everything that is measured."""

    splits: dict[str, SplitFigures]
    stories: StoryFigures


def _judge(
    figures: SplitFigures, group: str, kind: str, prompt: str, expected: str, reply: Reply
) -> bool:
    good = reply.text == expected
    figures.ended.count(reply.ended)
    if not good:
        figures.wrong.append(Wrong(group, kind, prompt, expected, reply.text))
    return good


def _ask_questions(engine: Engine, figures: SplitFigures, asked: Sequence[Question]) -> None:
    replies = engine.all([question(q.prompt) for q in asked])
    for q, reply in zip(asked, replies, strict=True):
        good = _judge(figures, q.group, q.kind, q.prompt, q.answer, reply)
        figures.groups.setdefault(q.group, Score()).count(good)
        by_group = figures.kinds.setdefault(q.kind, {})
        by_group.setdefault(q.group, Score()).count(good)


def _ask_styled(engine: Engine, figures: SplitFigures, split: Split) -> None:
    pairs = [q for q in held_back(split) if q.group == "pair"]
    asked = pairs[:: max(1, len(pairs) // STYLED)][:STYLED]
    for style, wordings in styles.WORDINGS.items():
        unseen = next(text for text in wordings if wording_split(style, text) == split)
        for name, system in (("trained", styles.CANONICAL[style]), ("unseen", unseen)):
            score = figures.styles.setdefault(style, {}).setdefault(name, Score())
            replies = engine.all([question(q.prompt, system) for q in asked])
            for q, reply in zip(asked, replies, strict=True):
                expected = styles.apply(style, q.kind, q.answer)
                score.count(_judge(figures, style, q.kind, q.prompt, expected, reply))


def _ask_follow_ups(engine: Engine, figures: SplitFigures, split: Split) -> None:
    asked = held_follow_ups(split)
    requests = [
        Request(
            (
                {"role": "user", "content": f.first.prompt},
                {"role": "assistant", "content": f.first.answer},
                {"role": "user", "content": f.prompt},
            )
        )
        for f in asked
    ]
    for follow, reply in zip(asked, engine.all(requests), strict=True):
        shown = f"{follow.first.prompt} ... {follow.prompt}"
        kind = follow.first.kind
        good = _judge(figures, "follow-up", kind, shown, follow.answer, reply)
        figures.follow_ups.count(good)


def _story_requests() -> list[tuple[Request, str, str]]:
    found = []
    for seed in range(STORY_SEEDS):
        animal = stories.ANIMALS[seed % len(stories.ANIMALS)]
        name = KNOWN[seed * 7 % len(KNOWN)]
        about = f"Tell me a story about {article(animal)} named {name}."
        for temperature in STORY_TEMPERATURES:
            for text, beast, hero in (("Tell me a story.", "", ""), (about, animal, name)):
                messages = ({"role": "user", "content": text},)
                found.append((Request(messages, temperature, seed), beast, hero))
    return found


def _has_word(text: str, word: str) -> bool:
    return not word or re.search(rf"\b{word}\b", text) is not None


def is_consistent(story: str) -> bool:
    """Return whether a story keeps to two names, one object and the pronouns of its cast."""
    names = {name for name in KNOWN if _has_word(story, name)}
    objects = {thing.strip() for thing in stories.OBJECTS if thing.strip() in story}
    allowed = {word for name in names for word in astuple(PRONOUNS[name])}
    used = set(re.findall(r"\b(?:he|him|his|she|her)\b", story.lower()))
    return len(names) == 2 and len(objects) == 1 and used <= allowed


def _measure_stories(engine: Engine) -> StoryFigures:
    figures = StoryFigures()
    asked = _story_requests()
    replies = engine.all([request for request, _, _ in asked])
    figures.distinct = Score(len({reply.text for reply in replies}), len(replies))
    for (_, animal, name), reply in zip(asked, replies, strict=True):
        figures.ended.count(reply.ended)
        figures.consistent.count(is_consistent(reply.text))
        if name:
            figures.as_asked.count(_has_word(reply.text, animal) and _has_word(reply.text, name))
    for (request, _, _), reply in list(zip(asked, replies, strict=True))[:20]:
        figures.repeatable.count(engine.chat(request).text == reply.text)
    return figures


def measure(model: Path, splits: Sequence[Split]) -> Figures:
    """Return the figures of ``model`` on the given splits."""
    measured: dict[str, SplitFigures] = {}
    with Engine(model) as engine:
        for split in splits:
            figures = SplitFigures()
            _ask_questions(engine, figures, held_back(split))
            _ask_styled(engine, figures, split)
            _ask_follow_ups(engine, figures, split)
            measured[split] = figures
        return Figures(measured, _measure_stories(engine))


def _kind_lines(figures: SplitFigures) -> list[str]:
    lines = []
    for kind, groups in figures.kinds.items():
        cells = [f"{group} {score.right}/{score.of}" for group, score in groups.items()]
        lines.append(f"  {kind:<28} " + "   ".join(f"{cell:<16}" for cell in cells).rstrip())
    return lines


def table(figures: Figures) -> str:
    """Return the figures as text."""
    lines = []
    for split, part in figures.splits.items():
        lines += [f"{split} split", *_kind_lines(part)]
        lines += [f"  all: {group:<23} {score}" for group, score in part.groups.items()]
        lines.append(f"  follow-up questions          {part.follow_ups}")
        for style, scores in part.styles.items():
            lines += [f"  {style + ', ' + name + ' wording':<28} {s}" for name, s in scores.items()]
        lines.append(f"  ended by itself              {part.ended}")
    for name, score in vars(figures.stories).items():
        lines.append(f"stories, {name:<20}  {score}")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure the model from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo_model.evaluate")
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--split", choices=(*SPLITS, "both"), default="development")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--wrong", action="store_true", help="print every wrong answer")
    options = parser.parse_args(argv)
    figures = measure(options.model, SPLITS if options.split == "both" else (options.split,))
    print(json.dumps(asdict(figures), indent=1) if options.json else table(figures))
    if options.wrong:
        for part in figures.splits.values():
            for w in part.wrong:
                print(f"{w.group} | {w.kind} | {w.prompt} | {w.expected} | {w.got}")


if __name__ == "__main__":
    main()
