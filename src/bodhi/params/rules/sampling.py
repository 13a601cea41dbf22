"""Rules: how the next token is chosen. Pure.

What samplers do to one another is that of llama.cpp's ``common/sampling.cpp``.
"""

from bodhi.params.parameter import Kind, Section
from bodhi.params.registry import PARAMETERS
from bodhi.params.rules.rule import EACH, Rule, Severity, any_set, for_each, unset

# They keep the likeliest token whatever their value, and at temperature 0 that one is taken.
_KEEP_THE_LIKELIEST = ("top_p", "top_k", "min_p")
_NOT_WITH_MIROSTAT = (*_KEEP_THE_LIKELIEST, "typical_p", "top_n_sigma", "xtc_probability")
_DRY_DETAILS = ("dry_base", "dry_allowed_length", "dry_penalty_last_n", "dry_sequence_breakers")
_MIROSTAT_DETAILS = ("mirostat_tau", "mirostat_eta")
_NUMBERS = tuple(
    row.key
    for row in PARAMETERS.values()
    if row.section is Section.REQUEST and row.kind in (Kind.INTEGER, Kind.NUMBER)
)

SAMPLING = (
    Rule(
        "temperature_with_top_p",
        Severity.WARNING,
        ("temperature", "top_p"),
        ["all", ["gt", ["own", "temperature"], 0], ["lt", ["own", "top_p"], 1]],
        "Temperature and top_p both narrow the choice; change one of them, not both.",
        "Unset Top-p",
        unset("top_p"),
    ),
    Rule(
        "greedy_with_samplers",
        Severity.INFO,
        ("temperature", *_KEEP_THE_LIKELIEST),
        ["all", ["eq", ["own", "temperature"], 0], any_set(*_KEEP_THE_LIKELIEST)],
        "At temperature 0 the likeliest token is taken; top_p, top_k and min_p do nothing.",
        "Unset the others",
        unset(*_KEEP_THE_LIKELIEST),
    ),
    Rule(
        "seed_with_greedy",
        Severity.INFO,
        ("temperature", "seed", "n_seed"),
        ["all", ["eq", ["own", "temperature"], 0], any_set("seed", "n_seed")],
        "At temperature 0 nothing is drawn by chance; the seed does nothing.",
        "Unset the seed",
        unset("seed", "n_seed"),
    ),
    Rule(
        "temperature_high",
        Severity.INFO,
        ("temperature",),
        ["gt", ["own", "temperature"], 1.5],
        "Above a temperature of 1.5 most models lose the thread; it is {own.temperature}.",
        "Set Temperature to 1",
        {"temperature": 1.0},
    ),
    Rule(
        "top_p_zero",
        Severity.WARNING,
        ("top_p",),
        ["all", ["eq", ["own", "top_p"], 0], ["not", ["eq", ["own", "temperature"], 0]]],
        "With top_p 0 only the likeliest token is left, whatever the temperature.",
        "Unset Top-p",
        unset("top_p"),
    ),
    Rule(
        "min_p_one",
        Severity.WARNING,
        ("min_p",),
        ["all", ["eq", ["own", "min_p"], 1], ["not", ["eq", ["own", "temperature"], 0]]],
        "With min_p 1 only the likeliest token is left, whatever the temperature.",
        "Unset Min-p",
        unset("min_p"),
    ),
    Rule(
        "top_k_one",
        Severity.WARNING,
        ("top_k", "temperature"),
        ["all", ["eq", ["own", "top_k"], 1], ["gt", ["own", "temperature"], 0]],
        "With top_k 1 only the likeliest token is left; the temperature does nothing.",
        "Unset Top-k",
        unset("top_k"),
    ),
    Rule(
        "mirostat_with_samplers",
        Severity.WARNING,
        ("mirostat", *_NOT_WITH_MIROSTAT),
        ["all", ["gt", ["own", "mirostat"], 0], any_set(*_NOT_WITH_MIROSTAT)],
        "Mirostat replaces the other samplers; beside it they do nothing.",
        "Unset the others",
        unset(*_NOT_WITH_MIROSTAT),
    ),
    Rule(
        "mirostat_off",
        Severity.INFO,
        ("mirostat", *_MIROSTAT_DETAILS),
        ["all", any_set(*_MIROSTAT_DETAILS), ["eq", ["eff", "mirostat"], 0]],
        "Mirostat is off; mirostat_tau and mirostat_eta do nothing.",
        "Unset them",
        unset(*_MIROSTAT_DETAILS),
    ),
    Rule(
        "dry_off",
        Severity.INFO,
        ("dry_multiplier", *_DRY_DETAILS),
        ["all", any_set(*_DRY_DETAILS), ["eq", ["eff", "dry_multiplier"], 0]],
        "DRY is off while dry_multiplier is 0; its other parameters do nothing.",
        "Unset them",
        unset(*_DRY_DETAILS),
    ),
    Rule(
        "xtc_off",
        Severity.INFO,
        ("xtc_probability", "xtc_threshold"),
        ["all", ["set", "xtc_threshold"], ["eq", ["eff", "xtc_probability"], 0]],
        "XTC is off while xtc_probability is 0; xtc_threshold does nothing.",
        "Unset XTC threshold",
        unset("xtc_threshold"),
    ),
    Rule(
        "xtc_threshold_high",
        Severity.WARNING,
        ("xtc_probability", "xtc_threshold"),
        ["all", ["gt", ["own", "xtc_threshold"], 0.5], ["gt", ["eff", "xtc_probability"], 0]],
        "No two tokens can both be likelier than {own.xtc_threshold}, so XTC never acts.",
        "Unset XTC threshold",
        unset("xtc_threshold"),
    ),
    Rule(
        "repeat_penalty_rewards",
        Severity.WARNING,
        ("repeat_penalty",),
        ["lt", ["own", "repeat_penalty"], 1],
        "A repeat penalty below 1 makes repetition likelier; it is {own.repeat_penalty}.",
        "Unset Repeat penalty",
        unset("repeat_penalty"),
    ),
    Rule(
        "repeat_penalty_strong",
        Severity.WARNING,
        ("repeat_penalty",),
        ["gt", ["own", "repeat_penalty"], 1.5],
        "A repeat penalty of {own.repeat_penalty} drives a model away from the words it needs.",
        "Set Repeat penalty to 1.1",
        {"repeat_penalty": 1.1},
    ),
    Rule(
        "two_penalties",
        Severity.INFO,
        ("repeat_penalty", "frequency_penalty", "presence_penalty"),
        [
            "all",
            ["gt", ["own", "repeat_penalty"], 1],
            [
                "any",
                ["gt", ["own", "frequency_penalty"], 0],
                ["gt", ["own", "presence_penalty"], 0],
            ],
        ],
        "The repeat penalty and OpenAI's penalties act on the same tokens, one after the other.",
        "Unset Repeat penalty",
        unset("repeat_penalty"),
    ),
    Rule(
        "dry_with_repeat_penalty",
        Severity.INFO,
        ("dry_multiplier", "repeat_penalty"),
        ["all", ["gt", ["own", "dry_multiplier"], 0], ["gt", ["own", "repeat_penalty"], 1]],
        "DRY and the repeat penalty both act against repetition; one is enough.",
        "Unset Repeat penalty",
        unset("repeat_penalty"),
    ),
    Rule(
        "penalties_without_window",
        Severity.WARNING,
        ("repeat_last_n", "repeat_penalty", "frequency_penalty", "presence_penalty"),
        [
            "all",
            ["eq", ["own", "repeat_last_n"], 0],
            any_set("repeat_penalty", "frequency_penalty", "presence_penalty"),
        ],
        "With repeat_last_n 0 the penalties look at no token and do nothing.",
        "Unset Repeat window",
        unset("repeat_last_n"),
    ),
    *for_each(
        _NUMBERS,
        Rule(
            "default_below_clamp",
            Severity.WARNING,
            (EACH,),
            ["lt", ["own", EACH], ["low", EACH]],
            "* is {own.*}, below the alias's own clamp, which moves it.",
            "Set * to the clamp's end",
            {EACH: ["low", EACH]},
            is_safe=True,
        ),
    ),
    *for_each(
        _NUMBERS,
        Rule(
            "default_above_clamp",
            Severity.WARNING,
            (EACH,),
            ["gt", ["own", EACH], ["high", EACH]],
            "* is {own.*}, above the alias's own clamp, which moves it.",
            "Set * to the clamp's end",
            {EACH: ["high", EACH]},
            is_safe=True,
        ),
    ),
)
