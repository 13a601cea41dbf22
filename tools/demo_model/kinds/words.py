"""Words: opposites, forms, letters and a little French and Spanish."""

from itertools import pairwise

from .base import Item, Kind, clause, noun, nouns, one_answer, pairs, plain_items, sentence

OPPOSITES = pairs(
    "hot: cold, big: small, up: down, fast: slow, day: night, happy: sad, open: closed, wet: dry,"
    "old: young, long: short, rich: poor, full: empty, high: low, left: right, clean: dirty,"
    "loud: quiet, near: far, early: late, strong: weak, thick: thin, inside: outside,"
    "black: white, first: last, easy: difficult, true: false, sweet: sour, win: lose,"
    "push: pull, buy: sell, start: stop, laugh: cry, love: hate, north: south, east: west,"
    "above: below, always: never, friend: enemy, summer: winter, sharp: blunt, brave: afraid"
)
PLURALS = pairs(
    "cat: cats, dog: dogs, child: children, mouse: mice, foot: feet, tooth: teeth, man: men,"
    "woman: women, box: boxes, bus: buses, leaf: leaves, knife: knives, city: cities,"
    "baby: babies, sheep: sheep, goose: geese, book: books, tree: trees, house: houses,"
    "key: keys, wolf: wolves, potato: potatoes, tomato: tomatoes, lady: ladies, car: cars,"
    "dish: dishes, fox: foxes, glass: glasses, bird: birds, apple: apples, story: stories,"
    "wife: wives, bee: bees, star: stars, chair: chairs, brush: brushes, horse: horses,"
    "cow: cows, shoe: shoes, flower: flowers"
)
PAST = pairs(
    "go: went, eat: ate, run: ran, see: saw, write: wrote, sing: sang, swim: swam, drink: drank,"
    "take: took, give: gave, come: came, buy: bought, think: thought, walk: walked,"
    "play: played, jump: jumped, make: made, find: found, sleep: slept, fly: flew, draw: drew,"
    "speak: spoke, drive: drove, know: knew, grow: grew, teach: taught, catch: caught,"
    "build: built, lose: lost, win: won, sit: sat, stand: stood, help: helped, cook: cooked,"
    "begin: began, fall: fell, ride: rode, hear: heard"
)
COMPARATIVES = pairs(
    "big: bigger, small: smaller, fast: faster, slow: slower, tall: taller, hot: hotter,"
    "cold: colder, good: better, bad: worse, happy: happier, easy: easier, old: older,"
    "young: younger, long: longer, short: shorter, strong: stronger, weak: weaker, nice: nicer,"
    "rich: richer, poor: poorer, warm: warmer, soft: softer, hard: harder, cheap: cheaper,"
    "dark: darker, clean: cleaner"
)
FRENCH = pairs(
    "dog: chien, cat: chat, house: maison, water: eau, bread: pain, red: rouge, book: livre,"
    "sun: soleil, friend: ami, milk: lait, tree: arbre, flower: fleur, fish: poisson,"
    "horse: cheval, apple: pomme, moon: lune, bird: oiseau, green: vert, blue: bleu,"
    "cheese: fromage"
)
SPANISH = pairs(
    "dog: perro, cat: gato, house: casa, water: agua, bread: pan, red: rojo, book: libro,"
    "sun: sol, friend: amigo, milk: leche, tree: arbol, flower: flor, fish: pez,"
    "horse: caballo, apple: manzana, moon: luna, bird: pajaro, green: verde, blue: azul,"
    "cheese: queso"
)
SPELLED = (
    "cat dog sun red box map pen hat cup bed car bus sea tree fish bird book milk moon star "
    "house apple horse green water river"
).split()
LETTERED = (
    "cat dog sun red box map pen hat cup bed tree fish bird book milk moon star house apple horse "
    "green water river lion wolf zebra queen kite jam violin ice lemon owl yellow under nest"
).split()
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _both_ways(entries: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs and their reverse; the first answer given for a word counts."""
    answers: dict[str, str] = {}
    for left, right in entries + [(right, left) for left, right in entries]:
        answers.setdefault(left, right)
    return list(answers.items())


def _translation(language: str) -> tuple[str, ...]:
    return (
        f"What is {{x}} in {language}?",
        f"How do you say {{x}} in {language}?",
        f"How do I say {{x}} in {language}?",
        f"Say {{x}} in {language}.",
        f"Translate {{x}} to {language}.",
        f"Translate {{x}} into {language}.",
        f"Translate the word {{x}} to {language}.",
        f"What is the word {{x}} in {language}?",
        f"{{x}} in {language}?",
        f"What do people call {{x}} in {language}?",
        f"Can you translate {{x}} to {language}?",
        f"Could you translate {{x}} into {language}?",
        *noun(f"the {language} word for {{x}}"),
        *clause(f"how to say {{x}} in {language}"),
        *clause(f"what {{x}} is in {language}", 1, 2),
    )


def _form(name: str, *phrases: str) -> tuple[str, ...]:
    """Return phrasings that ask for a form of a word."""
    found: list[str] = []
    for index, phrase in enumerate(phrases):
        found += noun(phrase) if index == 0 else noun(phrase, index, 2)
    found += [f"What {name} does {{x}} have?", f"Which word is {phrases[0]}?"]
    return tuple(found)


def _letters(place: str, verb: str, verbs: str) -> tuple[str, ...]:
    return (
        f"What letter does {{x}} {verb} with?",
        f"Which letter does {{x}} {verb} with?",
        f"What letter does the word {{x}} {verb} with?",
        f"With which letter does {{x}} {verb}?",
        f"{{x}} {verbs} with which letter?",
        f"The word {{x}} {verbs} with which letter?",
        f"Which letter is {place} in {{x}}?",
        *noun(f"the {place} letter of {{x}}"),
        *noun(f"the {place} letter in {{x}}", 1, 2),
        *clause(f"which letter {{x}} {verbs} with"),
        *clause(f"what letter {{x}} {verbs} with", 1, 2),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        "opposite",
        (
            *noun("the opposite of {x}"),
            "Which word means the opposite of {x}?",
            "What word is the opposite of {x}?",
            "What is not {x} but the opposite?",
            "{x} is the opposite of what?",
            "{x} and its opposite?",
            *noun("the opposite of the word {x}", 1, 3),
            *noun("the reverse of {x}", 0, 3),
            *clause("which word is the opposite of {x}", 0, 2),
        ),
        plain_items(_both_ways(OPPOSITES)),
        "word",
        1.2,
    ),
    Kind(
        "plural",
        (
            *_form("plural", "the plural of {x}", "the plural form of {x}"),
            "One {x}, two what?",
            "One {x}, many what?",
            "What do you call more than one {x}?",
            "What do you call two of {x}?",
            "Make {x} plural.",
            "Make the word {x} plural.",
            "Put {x} in the plural.",
        ),
        plain_items(PLURALS),
        "word",
    ),
    Kind(
        "past tense",
        (
            *_form("past tense", "the past tense of {x}", "the past of {x}"),
            "Put {x} in the past.",
            "Put {x} in the past tense.",
            "Today I {x}. What did I do yesterday?",
            "Today we {x}, yesterday we what?",
            *noun("the past form of {x}", 0, 3),
        ),
        plain_items(PAST),
        "word",
    ),
    Kind(
        "comparative",
        (
            *_form("comparative", "the comparative of {x}", "the comparative form of {x}"),
            "What word means more {x}?",
            "Which word means more {x}?",
            "How do you say more {x} in one word?",
            "One is {x}, the other is even what?",
        ),
        plain_items(COMPARATIVES),
        "word",
    ),
    Kind("french", _translation("French"), plain_items(FRENCH), "word", 1.2),
    Kind("spanish", _translation("Spanish"), plain_items(SPANISH), "word", 1.2),
    Kind(
        "spelling",
        (
            "Spell {x}.",
            "Spell the word {x}.",
            "How do you spell {x}?",
            "How do I spell {x}?",
            "How is {x} spelled?",
            "How is the word {x} spelled?",
            "Can you spell {x}?",
            "Could you spell {x}?",
            "Can you spell the word {x}?",
            "Spell {x} for me.",
            "I want you to spell {x}.",
            *noun("the spelling of {x}"),
            *clause("how to spell {x}"),
            *clause("how {x} is spelled", 1, 2),
        ),
        tuple(Item(word, {"x": word}, "-".join(word.upper()) + ".") for word in SPELLED),
        "word",
        1.3,
    ),
    Kind(
        "first letter",
        _letters("first", "start", "starts") + _letters("first", "begin", "begins")[:6],
        tuple(Item(word, {"x": word}, word[0].upper() + ".") for word in LETTERED),
        "",
        1.2,
    ),
    Kind(
        "next letter",
        (
            "What letter comes after {x}?",
            "Which letter comes after {x}?",
            "Which letter follows {x}?",
            "What letter is after {x}?",
            "After {x}, what letter comes next?",
            *noun("the letter after {x}"),
            *noun("the next letter after {x}", 1, 2),
            *clause("which letter comes after {x}"),
        ),
        tuple(
            Item(letter, {"x": letter}, following + ".") for letter, following in pairwise(ALPHABET)
        ),
        "",
        1.3,
    ),
    one_answer(
        "alphabet",
        (
            *noun("the alphabet"),
            *nouns("the letters of the alphabet", 1, 2),
            "Write the alphabet.",
            "How does the alphabet go?",
            "List all letters of the alphabet.",
            *clause("how the alphabet goes", 0, 3),
        ),
        sentence(" ".join(ALPHABET)),
    ),
)
