"""Days, months and seasons."""

from collections.abc import Sequence

from .base import Item, Kind, clause, noun, nouns, one_answer, pairs, plain_items

DAYS: tuple[str, ...] = tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
MONTHS: tuple[str, ...] = tuple(
    "January February March April May June July August September October November December".split()
)
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
)
SEASONS = pairs(
    "December: winter, January: winter, February: winter, March: spring, April: spring,"
    "May: spring, June: summer, July: summer, August: summer, September: autumn,"
    "October: autumn, November: autumn"
)
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _neighbours(sequence: Sequence[str], step: int) -> tuple[Item, ...]:
    count = len(sequence)
    return tuple(
        Item(name, {"x": name}, sequence[(index + step) % count] + ".")
        for index, name in enumerate(sequence)
    )


def _after(unit: str) -> tuple[str, ...]:
    return (
        f"What {unit} comes after {{x}}?",
        f"Which {unit} comes after {{x}}?",
        f"What {unit} is after {{x}}?",
        f"Which {unit} follows {{x}}?",
        f"What {unit} is next after {{x}}?",
        f"After {{x}}, what {unit} comes next?",
        f"{{x}} is over. Which {unit} is next?",
        f"Which {unit} do we have after {{x}}?",
        "What comes after {x}?",
        "What follows {x}?",
        "What comes right after {x}?",
        *noun(f"the {unit} after {{x}}"),
        *noun(f"the next {unit} after {{x}}", 1, 3),
        *clause(f"which {unit} comes after {{x}}"),
        *clause(f"what {unit} follows {{x}}", 1, 3),
    )


def _before(unit: str) -> tuple[str, ...]:
    return (
        f"What {unit} comes before {{x}}?",
        f"Which {unit} comes before {{x}}?",
        f"What {unit} is before {{x}}?",
        f"Which {unit} is just before {{x}}?",
        f"What {unit} was before {{x}}?",
        f"Before {{x}}, what {unit} do we have?",
        f"Which {unit} do we have before {{x}}?",
        "What comes before {x}?",
        "What is just before {x}?",
        "What comes right before {x}?",
        *noun(f"the {unit} before {{x}}"),
        *clause(f"which {unit} comes before {{x}}"),
        *clause(f"what {unit} is before {{x}}", 1, 3),
    )


_TOMORROW = (
    "If today is {x}, what day is tomorrow?",
    "Today is {x}. What day is tomorrow?",
    "Today is {x}. Which day is tomorrow?",
    "It is {x} today. What day is it tomorrow?",
)
_YESTERDAY = (
    "If today is {x}, what day was yesterday?",
    "Today is {x}. What day was yesterday?",
    "Today is {x}. Which day was yesterday?",
    "It is {x} today. What day was it yesterday?",
)

KINDS: tuple[Kind, ...] = (
    Kind("day after", _after("day") + _TOMORROW, _neighbours(DAYS, 1), "time", 1.6),
    Kind("day before", _before("day") + _YESTERDAY, _neighbours(DAYS, -1), "time", 1.6),
    Kind("month after", _after("month"), _neighbours(MONTHS, 1), "time", 1.3),
    Kind("month before", _before("month"), _neighbours(MONTHS, -1), "time", 1.3),
    Kind(
        "season",
        (
            "What season is {x} in?",
            "Which season is {x} in?",
            "In which season is {x}?",
            "In what season is {x}?",
            "Which season does {x} belong to?",
            "To which season does {x} belong?",
            "{x} belongs to which season?",
            "What season is it in {x}?",
            "Which season do we have in {x}?",
            "{x} is in which season?",
            *noun("the season of {x}"),
            *clause("which season {x} is in"),
            *clause("what season {x} belongs to", 1, 2),
            *clause("in which season {x} is", 0, 3),
        ),
        plain_items(SEASONS),
        "time",
        1.3,
    ),
    Kind(
        "month length",
        (
            "How many days are in {x}?",
            "How many days does {x} have?",
            "How many days are there in {x}?",
            "How many days has {x}?",
            "{x} has how many days?",
            "How long is {x} in days?",
            "Count the days of {x}.",
            "Count the days in {x}.",
            *noun("the number of days in {x}"),
            *clause("how many days {x} has"),
            *clause("how many days are in {x}", 1, 2),
            *clause("how many days there are in {x}", 0, 2),
        ),
        tuple(
            Item(month, {"x": month}, f"{length}.")
            for month, length in zip(MONTHS, LENGTHS, strict=True)
        ),
        "time",
        1.3,
    ),
    Kind(
        "month by number",
        (
            "Which month is the {x} one?",
            "What month is the {x} of the year?",
            "Which month is the {x} of the year?",
            "Which is the {x} month?",
            "What month comes {x} in the year?",
            "Which month comes {x}?",
            *noun("the {x} month"),
            *noun("the {x} month of the year", 1, 2),
            *clause("which month is the {x}"),
            *clause("which month comes {x}", 1, 2),
        ),
        tuple(
            Item(ordinal, {"x": ordinal}, month + ".")
            for ordinal, month in zip(ORDINALS, MONTHS, strict=True)
        ),
        "",
        1.2,
    ),
    one_answer(
        "list of days",
        (
            *nouns("the days of the week"),
            *nouns("all days of the week", 1, 3),
            "Which days does a week have?",
            "List the days of the week.",
            "List all days of the week.",
            "What are the seven days called?",
        ),
        ", ".join(DAYS) + ".",
    ),
    one_answer(
        "list of months",
        (
            *nouns("the months of the year"),
            *nouns("all months of the year", 1, 3),
            "Which months does a year have?",
            "List the months of the year.",
            "List all months.",
            "What are the twelve months called?",
        ),
        ", ".join(MONTHS) + ".",
    ),
    one_answer(
        "list of seasons",
        (
            *nouns("the four seasons"),
            *nouns("the seasons of the year", 1, 3),
            "What are the seasons?",
            "Which seasons does a year have?",
            "List the seasons of the year.",
            "List the four seasons.",
            *clause("what the seasons are", 0, 2),
        ),
        "Spring, summer, autumn, winter.",
    ),
    one_answer(
        "days in a week",
        (
            "How many days are in a week?",
            "How many days does a week have?",
            "How many days are there in a week?",
            "A week has how many days?",
            "How long is a week in days?",
            *noun("the number of days in a week"),
            *clause("how many days a week has"),
        ),
        "Seven.",
    ),
    one_answer(
        "months in a year",
        (
            "How many months are in a year?",
            "How many months does a year have?",
            "How many months are there in a year?",
            "A year has how many months?",
            "How long is a year in months?",
            *noun("the number of months in a year"),
            *clause("how many months a year has"),
        ),
        "Twelve.",
    ),
)
