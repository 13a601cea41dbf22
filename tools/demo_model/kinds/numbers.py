"""Small numbers: sums, neighbours, comparisons, words and counting."""

from collections.abc import Iterable

from .base import NUMBER_WORDS, Item, Kind, clause, noun, nouns, pairs, plain_items, sentence

SIDES = pairs(
    "triangle: three, square: four, rectangle: four, pentagon: five, hexagon: six,"
    "octagon: eight, circle: zero, heptagon: seven"
)


def _computed(entries: Iterable[tuple[int, int, int]]) -> tuple[Item, ...]:
    return tuple(
        Item(f"{a}/{b}", {"a": str(a), "b": str(b)}, f"{result}.") for a, b, result in entries
    )


def _mapped(entries: Iterable[tuple[object, object]]) -> tuple[Item, ...]:
    return tuple(Item(str(x), {"x": str(x)}, f"{answer}.") for x, answer in entries)


def _operation(sign: str, word: str, *special: str) -> tuple[str, ...]:
    return (
        f"What is {{a}} {sign} {{b}}?",
        f"{{a}} {sign} {{b}}",
        f"{{a}} {sign} {{b}} = ?",
        f"{{a}} {word} {{b}} is what?",
        f"How much is {{a}} {sign} {{b}}?",
        f"How much is {{a}} {word} {{b}}?",
        f"Calculate {{a}} {sign} {{b}}.",
        f"Calculate {{a}} {word} {{b}}.",
        f"Compute {{a}} {sign} {{b}}.",
        f"Work out {{a}} {sign} {{b}}.",
        f"Work out {{a}} {word} {{b}}.",
        f"What does {{a}} {sign} {{b}} make?",
        f"What is the result of {{a}} {sign} {{b}}?",
        *special,
        *noun(f"{{a}} {word} {{b}}", 0, 2),
        f"Tell me {{a}} {sign} {{b}}.",
        f"Can you tell me {{a}} {sign} {{b}}?",
        f"I want to know {{a}} {sign} {{b}}.",
        *clause(f"how much {{a}} {sign} {{b}} is", 0, 2),
        *clause(f"how much {{a}} {word} {{b}} is", 1, 2),
    )


def _comparison(word: str, other: str) -> tuple[str, ...]:
    return (
        f"Which is {word}, {{a}} or {{b}}?",
        f"What is {word}, {{a}} or {{b}}?",
        f"Which number is {word}, {{a}} or {{b}}?",
        f"Which number is {other}, {{a}} or {{b}}?",
        f"What number is {word}, {{a}} or {{b}}?",
        f"Is {{a}} or {{b}} {word}?",
        f"Is {{a}} or {{b}} {other}?",
        f"{{a}} or {{b}}: which is {word}?",
        f"{{a}} or {{b}}: which number is {other}?",
        f"Between {{a}} and {{b}}, which is {word}?",
        *noun(f"the {word} number, {{a}} or {{b}}", 0, 2),
        *noun(f"the {other} number, {{a}} or {{b}}", 1, 2),
        *clause(f"which is {word}, {{a}} or {{b}}", 0, 2),
        *clause(f"which number is {other}, {{a}} or {{b}}", 1, 2),
    )


def _neighbour(place: str, other: str) -> tuple[str, ...]:
    return (
        f"What number comes {place} {{x}}?",
        f"Which number comes {place} {{x}}?",
        f"What number is {place} {{x}}?",
        f"Which number is right {place} {{x}}?",
        f"What comes {place} {{x}}?",
        f"What comes right {place} {{x}}?",
        f"When I count, what comes {place} {{x}}?",
        *noun(f"the number {place} {{x}}"),
        *noun(f"the {other} number {place} {{x}}", 1, 3),
        *clause(f"which number comes {place} {{x}}"),
        *clause(f"what number is {place} {{x}}", 1, 3),
    )


_COUNT = (
    "Count to {x}.",
    "Count from 1 to {x}.",
    "Count up to {x}.",
    "Can you count to {x}?",
    "Could you count to {x}?",
    "Can you count from 1 to {x}?",
    "Count to {x} for me.",
    "I want you to count to {x}.",
    "Start at 1 and count to {x}.",
    "Let us count to {x}.",
    "How do you count to {x}?",
    "Show me how to count to {x}.",
    "List the numbers from 1 to {x}.",
    "Write the numbers from 1 to {x}.",
    "Write the numbers up to {x}.",
    *nouns("the numbers from 1 to {x}", 0, 2),
)


def _count_items() -> tuple[Item, ...]:
    found = []
    for last in range(2, 13):
        numbers = ", ".join(str(number) for number in range(1, last + 1)) + "."
        names = [str(last)] + ([NUMBER_WORDS[last]] if last <= 10 else [])
        found += [Item(name, {"x": name}, numbers) for name in names]
    return tuple(found)


def _pairs_of_numbers(limit: int) -> list[tuple[int, int]]:
    return [(a, b) for a in range(limit + 1) for b in range(limit + 1) if a != b]


KINDS: tuple[Kind, ...] = (
    Kind(
        "sum",
        _operation(
            "+",
            "plus",
            "Add {a} and {b}.",
            "Can you add {a} and {b}?",
            "What do you get when you add {a} and {b}?",
            "What is the sum of {a} and {b}?",
            "Tell me the sum of {a} and {b}.",
            "I have {a} apples and get {b} more. How many do I have?",
        ),
        _computed((a, b, a + b) for a in range(11) for b in range(11)),
        "sum",
        2.6,
    ),
    Kind(
        "difference",
        _operation(
            "-",
            "minus",
            "Take {b} from {a}.",
            "Take {b} away from {a}.",
            "Subtract {b} from {a}.",
            "What is left when you take {b} from {a}?",
            "I have {a} apples and eat {b}. How many are left?",
        ),
        _computed((a, b, a - b) for a in range(13) for b in range(a + 1)),
        "difference",
        2.4,
    ),
    Kind(
        "product",
        _operation(
            "x",
            "times",
            "Multiply {a} by {b}.",
            "Multiply {a} and {b}.",
            "Can you multiply {a} by {b}?",
            "What is {a} multiplied by {b}?",
            "What is the product of {a} and {b}?",
            "Tell me the product of {a} and {b}.",
        ),
        _computed((a, b, a * b) for a in range(1, 11) for b in range(1, 11)),
        "product",
        2.4,
    ),
    Kind(
        "double",
        (
            "What is double {x}?",
            "Double {x}.",
            "Double the number {x}.",
            "What is twice {x}?",
            "How much is twice {x}?",
            "How much is double {x}?",
            "How much is two times {x}?",
            "What do you get when you double {x}?",
            "Can you double {x}?",
            *noun("the double of {x}"),
            *noun("twice {x}", 1, 3),
            *clause("how much twice {x} is", 0, 2),
            *clause("how much the double of {x} is", 1, 2),
        ),
        _mapped((x, 2 * x) for x in range(1, 26)),
        "",
        1.6,
    ),
    Kind(
        "half",
        (
            *noun("half of {x}"),
            "Halve {x}.",
            "Halve the number {x}.",
            "Divide {x} by 2.",
            "What is {x} divided by 2?",
            "How much is half of {x}?",
            "How much is {x} divided by 2?",
            "What do you get when you halve {x}?",
            "Can you halve {x}?",
            "Split {x} into two equal parts.",
            *noun("the half of {x}", 1, 2),
            *clause("how much half of {x} is", 0, 2),
            *clause("how much the half of {x} is", 1, 2),
        ),
        _mapped((2 * x, x) for x in range(1, 26)),
        "",
        1.6,
    ),
    Kind(
        "number after", _neighbour("after", "next"), _mapped((x, x + 1) for x in range(61)), "", 1.3
    ),
    Kind(
        "number before",
        _neighbour("before", "previous"),
        _mapped((x, x - 1) for x in range(1, 61)),
        "",
        1.3,
    ),
    Kind(
        "larger number",
        _comparison("bigger", "larger"),
        _computed((a, b, max(a, b)) for a, b in _pairs_of_numbers(12)),
        "",
        1.2,
    ),
    Kind(
        "smaller number",
        _comparison("smaller", "lower"),
        _computed((a, b, min(a, b)) for a, b in _pairs_of_numbers(12)),
        "",
        1.2,
    ),
    Kind(
        "even or odd",
        (
            "Is {x} even or odd?",
            "Is {x} odd or even?",
            "Even or odd: {x}?",
            "Odd or even: {x}?",
            "{x}: even or odd?",
            "{x}: is it odd or even?",
            "Is the number {x} even or odd?",
            "Is the number {x} odd or even?",
            "Is {x} an even number or an odd number?",
            "Is {x} an odd or an even number?",
            "Tell me, is {x} even or odd?",
            "Would you say {x} is even or odd?",
            "{x} is even or odd?",
            *clause("whether {x} is even or odd"),
            *clause("if {x} is odd or even", 0, 2),
            *clause("if {x} is even or odd", 1, 2),
        ),
        _mapped((x, "Even" if x % 2 == 0 else "Odd") for x in range(61)),
        "",
        1.3,
    ),
    Kind(
        "number in words",
        (
            "Write {x} in words.",
            "Write {x} as a word.",
            "Write the number {x} as a word.",
            "Spell the number {x} in words.",
            "How do you write {x} in words?",
            "How do you write the number {x} in letters?",
            "What is {x} in words?",
            "What is {x} as a word?",
            "Say {x} in words.",
            "Can you write {x} in words?",
            "Could you write {x} as a word?",
            *noun("the word for {x}"),
            *noun("the word for the number {x}", 1, 2),
            *clause("how to write {x} in words", 0, 2),
        ),
        tuple(Item(str(x), {"x": str(x)}, sentence(word)) for x, word in enumerate(NUMBER_WORDS)),
        "",
        1.3,
    ),
    Kind(
        "number in digits",
        (
            "Write {x} in digits.",
            "Write {x} as a number.",
            "Write {x} with digits.",
            "Write the word {x} as a number.",
            "How do you write {x} in digits?",
            "How do you write {x} as a number?",
            "What is {x} in digits?",
            "What is {x} as a number?",
            "Say {x} in digits.",
            "Can you write {x} in digits?",
            "Could you write {x} as a number?",
            *nouns("the digits of {x}", 1, 2),
            *noun("the number {x} in digits"),
            *clause("how to write {x} in digits", 0, 2),
        ),
        tuple(Item(word, {"x": word}, f"{x}.") for x, word in enumerate(NUMBER_WORDS)),
        "",
        1.2,
    ),
    Kind("counting", _COUNT, _count_items(), "", 1.6),
    Kind(
        "sides",
        (
            "How many sides does {a} have?",
            "How many corners does {a} have?",
            "How many sides has {a}?",
            "How many sides are in {a}?",
            "How many corners are in {a}?",
            "{a} has how many sides?",
            "{a} has how many corners?",
            "Count the sides of {a}.",
            "Count the corners of {a}.",
            *noun("the number of sides of {a}"),
            *noun("the number of corners of {a}", 1, 2),
            *clause("how many sides {a} has"),
            *clause("how many corners {a} has", 1, 2),
        ),
        tuple(
            Item(
                item.label,
                {"a": ("an " if item.label == "octagon" else "a ") + item.label},
                item.answer,
            )
            for item in plain_items(SIDES)
        ),
        "thing",
        1.4,
    ),
)
