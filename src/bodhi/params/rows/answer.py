"""Registry rows: where an answer begins and ends, and what shape it has. Pure."""

from functools import partial

from bodhi.params.parameter import Applies, Impact, Kind, Parameter, Scale, Section, Special

_row = partial(
    Parameter,
    section=Section.REQUEST,
    applies=Applies.REQUEST,
    group="Generation control",
    impact=Impact(quality="some"),
)

ANSWER = (
    _row(
        key="max_tokens",
        label="Max tokens",
        kind=Kind.INTEGER,
        unit="tokens",
        spellings=("max_completion_tokens",),
        flags=("--predict",),
        low=1,
        high=10_000_000,
        step=1,
        scale=Scale.LOG2,
        stops=(256, 1024, 4096),
        related=("n_ctx", "n_predict", "stop"),
        impact=Impact(quality="some", speed="some"),
        help="Ends the answer after this many tokens. Never more than the context size.",
    ),
    _row(
        key="stop",
        label="Stop sequences",
        kind=Kind.TEXTS,
        low=0,
        high=16,
        longest=256,
        related=("max_tokens",),
        help="The answer ends where one of these texts would appear; the text itself is left out.",
    ),
    _row(
        key="seed",
        label="Seed",
        kind=Kind.INTEGER,
        low=0,
        high=4_294_967_295,
        specials=(Special(-1, "a new one for each answer"),),
        engine_default=-1,
        step=1,
        flags=("--seed",),
        related=("temperature", "n_seed"),
        help="The same seed and the same request give the same answer; -1 draws a new one.",
    ),
    _row(
        key="user",
        label="User",
        kind=Kind.TEXT,
        longest=512,
        impact=Impact(),
        help="The end user on whose behalf a program asks; for usage figures only.",
    ),
    _row(
        key="system_prompt",
        label="System prompt",
        kind=Kind.TEXT,
        longest=131_072,
        impact=Impact(quality="strong", speed="some"),
        help="Used when the caller sends no system message; enforced, it stands before theirs.",
    ),
    _row(
        key="response_format",
        label="Response format",
        kind=Kind.OBJECT,
        impact=Impact(quality="strong", speed="some"),
        help="Holds the answer to JSON, or to a JSON schema.",
    ),
    _row(
        key="logit_bias",
        label="Logit bias",
        kind=Kind.OBJECT,
        high=1024,
        help="Makes single tokens likelier or less likely, by token id.",
    ),
    _row(
        key="chat_template_kwargs",
        label="Template options",
        kind=Kind.OBJECT,
        high=64,
        related=("reasoning_effort",),
        help="Named values handed to the chat template, such as enable_thinking.",
    ),
    _row(
        key="reasoning_effort",
        label="Reasoning effort",
        kind=Kind.TEXT,
        longest=32,
        related=("reasoning_format", "chat_template_kwargs"),
        impact=Impact(quality="strong", speed="strong"),
        help="How long a reasoning model may think, for models whose template knows it.",
    ),
)
