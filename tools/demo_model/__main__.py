"""Make the demo model: ``python -m tools.demo_model`` from the root of the repository."""

import argparse
import json
import multiprocessing
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from .card import write_card
from .data import batches, generate
from .evaluate import MODEL, measure, table
from .export import export
from .model import Network, Shape
from .tokenizer import build
from .train import Plan, train

SEED = 1
TOKENS_PER_CONVERSATION = 95


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.demo_model", description=__doc__)
    parser.add_argument("--output", type=Path, default=MODEL, help="the GGUF file to write")
    parser.add_argument("--steps", type=int, default=Plan.steps, help="how long to train")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of data and weights")
    parser.add_argument("--early", type=Path, help="also export each checkpoint to this file")
    parser.add_argument(
        "--no-measure", action="store_true", help="train and export only, write no card"
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Generate the data, train, export, measure, and write the card."""
    options = _arguments(argv)
    plan = Plan(steps=options.steps)
    started, worked = time.monotonic(), _processor_time()
    facts = _train(options, plan)
    minutes = (time.monotonic() - started) / 60
    work = (_processor_time() - worked) / 60
    facts |= {"training_minutes": round(minutes, 1), "processor_minutes": round(work, 1)}
    print(json.dumps(facts), flush=True)
    if not options.no_measure:
        figures = measure(options.output, ("development", "final"))
        print(table(figures))
        write_card(options.output, facts, figures)


def _train(options: argparse.Namespace, plan: Plan) -> dict[str, int | float]:
    """Train and export; returns what was trained, for the card."""
    torch.manual_seed(options.seed)
    vocabulary = build(options.seed)
    shape = Shape(vocabulary=len(vocabulary.tokens))
    count = plan.steps * plan.tokens // TOKENS_PER_CONVERSATION
    corpus = generate(vocabulary, shape.context, options.seed, count, plan.threads)
    print(f"{len(corpus.lengths)} conversations, {len(corpus.ids)} tokens", flush=True)
    network = Network(shape)

    def save(weights: dict[str, Tensor], step: int) -> None:
        if step == plan.steps:
            export(weights, shape, vocabulary, options.output)
        elif options.early:
            export(weights, shape, vocabulary, options.early)

    tokens = train(network, batches(corpus, options.seed, plan.tokens), plan, save)
    return {
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "vocabulary": shape.vocabulary,
        "context": shape.context,
        "steps": plan.steps,
        "seed": options.seed,
        "padded_tokens": tokens,
        "threads": plan.threads,
    }


def _processor_time() -> float:
    """Return the seconds that this process and its finished children kept processors busy."""
    import resource

    used = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        used += usage.ru_utime + usage.ru_stime
    return used


if __name__ == "__main__":
    multiprocessing.freeze_support()
    main()
