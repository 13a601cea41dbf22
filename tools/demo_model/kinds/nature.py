"""Animals and the colours of things."""

from collections.abc import Mapping

from .base import Item, Kind, article, clause, noun, pairs, sentence

IRREGULAR_PLURALS: Mapping[str, str] = {
    "mouse": "mice",
    "goose": "geese",
    "sheep": "sheep",
    "fish": "fish",
    "deer": "deer",
    "wolf": "wolves",
    "fox": "foxes",
    "ostrich": "ostriches",
    "octopus": "octopuses",
}
SOUNDS = pairs(
    "cat: meow, dog: woof, cow: moo, sheep: baa, duck: quack, pig: oink, horse: neigh,"
    "lion: roar, bee: buzz, snake: hiss, frog: ribbit, mouse: squeak, owl: hoot, wolf: howl,"
    "crow: caw, hen: cluck, bird: tweet, donkey: hee-haw"
)
YOUNG = pairs(
    "cat: kitten, dog: puppy, cow: calf, sheep: lamb, duck: duckling, pig: piglet, horse: foal,"
    "lion: cub, bear: cub, hen: chick, goat: kid, frog: tadpole, deer: fawn, kangaroo: joey,"
    "swan: cygnet, goose: gosling, owl: owlet, elephant: calf"
)
HOMES = pairs(
    "bird: in a nest, bee: in a hive, dog: in a kennel, horse: in a stable, pig: in a sty,"
    "spider: in a web, lion: in a den, rabbit: in a burrow, fish: in the water, cow: in a barn,"
    "bear: in a cave, owl: in a tree, sheep: on a farm, frog: in a pond, camel: in the desert,"
    "penguin: on the ice, monkey: in the jungle, shark: in the sea"
)
LEGS = pairs(
    "cat: four, dog: four, spider: eight, ant: six, bee: six, bird: two, snake: zero, horse: four,"
    "cow: four, fly: six, duck: two, fish: zero, lion: four, worm: zero, beetle: six, hen: two,"
    "frog: four, penguin: two, elephant: four, owl: two"
)
FOOD = pairs(
    "cow: grass, rabbit: carrots, monkey: bananas, cat: fish, dog: bones, bear: honey,"
    "mouse: cheese, lion: meat, panda: bamboo, bird: seeds, squirrel: nuts, horse: hay,"
    "frog: flies, goat: leaves, hen: corn"
)
BY_SIZE = "ant mouse cat dog sheep lion horse elephant".split()
COLOURS = pairs(
    "grass: green, snow: white, coal: black, blood: red, banana: yellow, the sky: blue,"
    "lemon: yellow, carrot: orange, tomato: red, frog: green, milk: white, chocolate: brown,"
    "the sea: blue, the sun: yellow, strawberry: red, pumpkin: orange, elephant: grey,"
    "flamingo: pink, leaf: green, cherry: red, cloud: white, crow: black, cucumber: green,"
    "pig: pink, bear: brown, swan: white, plum: purple, eggplant: purple, salt: white,"
    "mouse: grey, wood: brown, pea: green, lavender: purple, polar bear: white, ruby: red"
)
UNCOUNTED = frozenset("grass snow coal blood milk chocolate salt wood lavender".split())


def plural(animal: str) -> str:
    """Return the plural of an animal's name."""
    return IRREGULAR_PLURALS.get(animal, animal + "s")


def animal_fields(animal: str) -> dict[str, str]:
    """Return the fields of the animal templates: bare, with article, plural."""
    return {"x": animal, "a": article(animal), "p": plural(animal)}


def _animals(entries: list[tuple[str, str]]) -> tuple[Item, ...]:
    return tuple(Item(name, animal_fields(name), sentence(answer)) for name, answer in entries)


def _coloured(thing: str) -> str:
    return thing if thing in UNCOUNTED or thing.startswith("the ") else article(thing)


def _larger() -> tuple[Item, ...]:
    found = []
    for first in BY_SIZE:
        for second in BY_SIZE:
            if first != second:
                larger = max(first, second, key=BY_SIZE.index)
                fields = {"a": article(first), "b": article(second), "x": first, "y": second}
                found.append(Item(f"{first}/{second}", fields, sentence(article(larger))))
    return tuple(found)


KINDS: tuple[Kind, ...] = (
    Kind(
        "animal sound",
        (
            "What sound does {a} make?",
            "Which sound does {a} make?",
            "What noise does {a} make?",
            "Which noise does {a} make?",
            "What does {a} say?",
            "How does {a} sound?",
            "What sound do {p} make?",
            "What noise do {p} make?",
            "What do {p} say?",
            "How do {p} sound?",
            *noun("the sound of {a}"),
            *noun("the noise {a} makes", 1, 3),
            *clause("what sound {a} makes"),
            *clause("what {p} say", 1, 3),
        ),
        _animals(SOUNDS),
        "animal",
    ),
    Kind(
        "young animal",
        (
            "What is a baby {x} called?",
            "What is a young {x} called?",
            "What do you call a baby {x}?",
            "What do you call a young {x}?",
            "What do people call a baby {x}?",
            "A baby {x} is called what?",
            "How is a baby {x} called?",
            "How do we call a young {x}?",
            *noun("the name of a baby {x}"),
            *noun("the word for a baby {x}", 1, 2),
            *clause("what a baby {x} is called"),
            *clause("what you call a young {x}", 1, 2),
        ),
        tuple(Item(n, animal_fields(n), sentence(article(young))) for n, young in YOUNG),
        "animal",
    ),
    Kind(
        "animal home",
        (
            "Where does {a} live?",
            "Where do {p} live?",
            "Where does {a} have its home?",
            "Where can I find {a}?",
            "Where do you find {a}?",
            "Where do you find {p}?",
            "In which place does {a} live?",
            "In which place do {p} live?",
            "Where is {a} at home?",
            "Where are {p} at home?",
            *noun("the home of {a}"),
            *noun("the place where {a} lives", 1, 3),
            *clause("where {a} lives"),
            *clause("where {p} live", 1, 2),
        ),
        _animals(HOMES),
        "animal",
    ),
    Kind(
        "legs",
        (
            "How many legs does {a} have?",
            "How many legs do {p} have?",
            "How many legs has {a}?",
            "How many legs are on {a}?",
            "How many legs are there on {a}?",
            "{a} has how many legs?",
            "{p} have how many legs?",
            "Count the legs of {a}.",
            "On how many legs does {a} walk?",
            *noun("the number of legs of {a}"),
            *noun("the number of legs {a} has", 1, 2),
            *clause("how many legs {a} has"),
            *clause("how many legs {p} have", 1, 2),
        ),
        _animals(LEGS),
        "animal",
    ),
    Kind(
        "animal food",
        (
            "What does {a} eat?",
            "What do {p} eat?",
            "What does {a} like to eat?",
            "What do {p} like to eat?",
            "What food does {a} eat?",
            "Which food does {a} eat?",
            "Which food do {p} eat?",
            "What do you feed {a}?",
            "What can I feed {a}?",
            "What do you give {a} to eat?",
            *noun("the food of {a}"),
            *noun("the food that {p} eat", 1, 3),
            *clause("what {a} eats"),
            *clause("what {p} eat"),
            *clause("what {a} likes to eat", 1, 2),
        ),
        _animals(FOOD),
        "animal",
    ),
    Kind(
        "colour",
        (
            "What colour is {a}?",
            "What color is {a}?",
            "Which colour is {a}?",
            "Which color is {a}?",
            "What colour does {a} have?",
            "Which color does {a} have?",
            "{a} has which colour?",
            "{a}: what colour is it?",
            "Of what colour is {a}?",
            *noun("the colour of {a}"),
            *noun("the color of {a}"),
            *clause("what colour {a} is"),
            *clause("which color {a} is", 1, 2),
            *clause("what colour {a} has", 0, 3),
        ),
        tuple(Item(x, {"x": x, "a": _coloured(x)}, sentence(answer)) for x, answer in COLOURS),
        "thing",
        1.2,
    ),
    Kind(
        "larger animal",
        (
            "Which is bigger, {a} or {b}?",
            "What is bigger, {a} or {b}?",
            "Which is larger, {a} or {b}?",
            "What is larger, {a} or {b}?",
            "Which animal is bigger, {a} or {b}?",
            "Which animal is larger, {a} or {b}?",
            "Is {a} or {b} bigger?",
            "Is {a} or {b} larger?",
            "{a} or {b}: which is bigger?",
            "{a} or {b}: which animal is larger?",
            "Between {a} and {b}, which is bigger?",
            *noun("the bigger animal, {a} or {b}", 1, 2),
            *noun("the larger animal, {a} or {b}", 2, 2),
            *clause("which is bigger, {a} or {b}"),
            *clause("which animal is larger, {a} or {b}", 1, 2),
        ),
        _larger(),
        "",
        0.9,
    ),
)
