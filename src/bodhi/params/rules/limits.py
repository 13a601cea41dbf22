"""Rules: where an answer ends, what is drawn, and who asks. Pure."""

from bodhi.params.rules.rule import Rule, Severity, unset
from bodhi.params.values import Json

# The context that one request has: a slot's share of it, never more than was trained.
SHARE: Json = [
    "if",
    ["eq", ["eff", "kv_unified"], True],
    ["eff", "n_ctx"],
    ["//", ["eff", "n_ctx"], ["eff", "n_parallel"]],
]
_SLOT: Json = ["min", SHARE, ["model", "context_length"]]
# OpenAI's own limit, which other servers keep as well.
_STOPS = 4

LIMITS = (
    Rule(
        "max_tokens_beyond_context",
        Severity.WARNING,
        ("max_tokens", "n_ctx", "n_parallel"),
        ["gt", ["own", "max_tokens"], _SLOT],
        "max_tokens is {own.max_tokens}, more than the context of a request; that is the bound.",
        "Unset Max tokens",
        unset("max_tokens"),
        is_safe=True,
    ),
    Rule(
        "n_predict_beyond_context",
        Severity.WARNING,
        ("n_predict", "n_ctx", "n_parallel"),
        ["gt", ["own", "n_predict"], _SLOT],
        "n_predict is {own.n_predict}, more than the context of a request; that is the bound.",
        "Unset Predict",
        unset("n_predict"),
        is_safe=True,
    ),
    Rule(
        "n_keep_beyond_context",
        Severity.WARNING,
        ("n_keep", "n_ctx", "n_parallel"),
        ["gt", ["own", "n_keep"], _SLOT],
        "n_keep is {own.n_keep}, more than the context of a request.",
        "Unset Keep",
        unset("n_keep"),
    ),
    Rule(
        "max_tokens_and_n_predict",
        Severity.INFO,
        ("max_tokens", "n_predict"),
        ["all", ["set", "max_tokens"], ["set", "n_predict"]],
        "max_tokens and n_predict mean the same; max_tokens, {own.max_tokens}, wins.",
        "Unset Predict",
        unset("n_predict"),
        is_safe=True,
    ),
    Rule(
        "seed_and_n_seed",
        Severity.INFO,
        ("seed", "n_seed"),
        ["all", ["set", "seed"], ["set", "n_seed"]],
        "seed and n_seed mean the same; seed, {own.seed}, wins.",
        "Unset Context seed",
        unset("n_seed"),
        is_safe=True,
    ),
    Rule(
        "stop_empty",
        Severity.INFO,
        ("stop",),
        ["eq", ["length", ["own", "stop"]], 0],
        "The list of stop sequences is empty and says nothing.",
        "Unset Stop sequences",
        unset("stop"),
        is_safe=True,
    ),
    Rule(
        "stop_repeated",
        Severity.INFO,
        ("stop",),
        ["gt", ["length", ["own", "stop"]], ["length", ["unique", ["own", "stop"]]]],
        "A stop sequence stands in the list twice.",
        "Keep each once",
        {"stop": ["unique", ["own", "stop"]]},
        is_safe=True,
    ),
    Rule(
        "stop_too_many",
        Severity.WARNING,
        ("stop",),
        ["gt", ["length", ["own", "stop"]], _STOPS],
        "There are more than 4 stop sequences, the most that OpenAI's protocol has.",
        "Keep the first 4",
        {"stop": ["first", ["own", "stop"], _STOPS]},
    ),
    Rule(
        "stop_is_end_token",
        Severity.INFO,
        ("stop",),
        ["has", ["own", "stop"], ["model", "eos_token"]],
        "{model.eos_token} is the model's own end; it ends every answer without being listed.",
        "Remove it from the list",
        {"stop": ["without", ["own", "stop"], ["model", "eos_token"]]},
    ),
    Rule(
        "user_in_alias",
        Severity.INFO,
        ("user",),
        ["set", "user"],
        "user names who asks; in an alias, all its callers become one.",
        "Unset User",
        unset("user"),
    ),
    Rule(
        "system_prompt_empty",
        Severity.WARNING,
        ("system_prompt",),
        ["eq", ["own", "system_prompt"], ""],
        "The system prompt is empty, and is sent as an empty message.",
        "Unset System prompt",
        unset("system_prompt"),
    ),
)
