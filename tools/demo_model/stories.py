"""A small grammar of stories about animals."""

import random
from dataclasses import dataclass

from .kinds.base import article, upper_first
from .names import KNOWN, PRONOUNS, Pronouns

ANIMALS: tuple[str, ...] = tuple(
    "cat dog fox bear rabbit mouse owl frog duck lion horse pig wolf goat hen bee sheep cow "
    "monkey penguin".split()
)
CHARACTERS = "brave shy clever cheerful lazy gentle young curious hungry funny quiet proud".split()
PLACES = (
    "in a small house, near a wide river, at the edge of a forest, on an old farm, by the sea,"
    "under a tall tree, on a green hill, in a quiet village, beside a blue lake"
).split(",")
SPOTS = (
    "in the garden, near the old bridge, behind a tree, on the road, under a stone,"
    "at the market, beside the well, in the long grass"
).split(",")
OBJECTS = (
    "red ball, golden key, blue hat, old map, shiny stone, small boat, warm coat, silver bell,"
    "yellow kite, little lamp, green bottle, round mirror"
).split(",")
WEATHER = (
    "One sunny morning, One rainy day, One cold evening, One windy afternoon, One day,"
    "Early one morning"
).split(",")
REQUESTS: tuple[str, ...] = (
    "Tell me a story.",
    "Tell a story.",
    "Write a story.",
    "Write a short story.",
    "Tell me a short story.",
    "Can you tell me a story?",
    "Could you write a short story?",
    "I want to hear a story.",
    "I would like to hear a story.",
    "Make up a story.",
    "Give me a story.",
    "A story!",
)
ABOUT: tuple[str, ...] = (
    "Tell me a story about {a}.",
    "Tell a story about {a}.",
    "Write a story about {a}.",
    "Write a short story about {a}.",
    "Tell me a short story about {a}.",
    "Can you tell me a story about {a}?",
    "Could you write a short story about {a}?",
    "I want to hear a story about {a}.",
    "I would like to hear a story about {a}.",
    "Make up a story about {a}.",
    "Give me a story about {a}.",
    "A story about {a}!",
)
MORE: tuple[str, ...] = (
    "Another one.",
    "Another story.",
    "Tell me another story.",
    "Tell me another one.",
    "One more.",
    "One more story.",
    "Again!",
)
NAMED = (" named {name}", " called {name}")


@dataclass(frozen=True)
class Cast:
    """Who and what a story is about."""

    animal: str
    name: str
    friend: str
    friend_animal: str
    object: str
    place: str
    spot: str
    other_spot: str
    when: str
    character: str

    @property
    def hero(self) -> Pronouns:
        """The pronouns of the hero."""
        return PRONOUNS[self.name]

    @property
    def helper(self) -> Pronouns:
        """The pronouns of the friend."""
        return PRONOUNS[self.friend]


def _other(rng: random.Random, values: tuple[str, ...] | list[str], taken: str) -> str:
    return rng.choice([value for value in values if value != taken])


def cast(rng: random.Random, animal: str = "", name: str = "") -> Cast:
    """Choose a cast; ``animal`` and ``name`` are the wishes of the user."""
    animal = animal or rng.choice(ANIMALS)
    name = name or rng.choice(KNOWN)
    spot = rng.choice(SPOTS)
    return Cast(
        animal=animal,
        name=name,
        friend=_other(rng, KNOWN, name),
        friend_animal=_other(rng, ANIMALS, animal),
        object=rng.choice(OBJECTS).strip(),
        place=rng.choice(PLACES).strip(),
        spot=spot.strip(),
        other_spot=_other(rng, SPOTS, spot).strip(),
        when=rng.choice(WEATHER).strip(),
        character=rng.choice(CHARACTERS),
    )


def _opening(rng: random.Random, c: Cast) -> list[str]:
    kind = article(f"{c.character} {c.animal}")
    first = rng.choice(
        (
            f"Once upon a time there was {kind} named {c.name}.",
            f"Long ago there lived {kind} called {c.name}.",
            f"This is the story of {c.name}, {kind}.",
            f"{c.name} was {kind}.",
        )
    )
    return [first, f"{upper_first(c.hero.subject)} had a home {c.place}."]


def _found(rng: random.Random, c: Cast) -> list[str]:
    return [
        f"{c.when} {c.name} found {article(c.object)} {c.spot}.",
        f"It belonged to {c.friend} the {c.friend_animal}.",
        rng.choice(
            (
                f"{c.name} brought the {c.object} back, and {c.friend} danced with joy.",
                f"{c.name} gave it back at once, and {c.friend} smiled.",
            )
        ),
    ]


def _lost(rng: random.Random, c: Cast) -> list[str]:
    return [
        f"{c.when} {c.name} lost {c.hero.possessive} {c.object}.",
        f"{upper_first(c.hero.subject)} looked {c.spot}, but it was not there.",
        f"Then {c.friend} the {c.friend_animal} came to help {c.hero.object}.",
        rng.choice(
            (
                f"Together they found the {c.object} {c.other_spot}.",
                f"{upper_first(c.helper.subject)} saw the {c.object} {c.other_spot}.",
            )
        ),
    ]


def _gave(rng: random.Random, c: Cast) -> list[str]:
    return [
        f"{c.when} {c.hero.subject} met {c.friend} the {c.friend_animal} {c.spot}.",
        rng.choice(
            (
                f"{c.friend} was sad, because {c.helper.subject} had no friends.",
                f"{c.friend} was cold and tired.",
            )
        ),
        f"So {c.name} gave {c.helper.object} {c.hero.possessive} {c.object}.",
    ]


def _walked(rng: random.Random, c: Cast) -> list[str]:
    return [
        f"{c.when} {c.name} went for a long walk.",
        rng.choice(
            (
                f"{upper_first(c.hero.subject)} saw {article(c.object)} {c.spot}.",
                f"There was {article(c.object)} {c.spot}.",
            )
        ),
        f"{c.friend} the {c.friend_animal} wanted it too.",
        f"So they shared the {c.object} and played until night.",
    ]


def _ending(rng: random.Random, c: Cast) -> str:
    return rng.choice(
        (
            f"From then on {c.name} and {c.friend} were friends.",
            f"That night {c.name} went to bed very happy.",
            f"And {c.name} told everyone about it.",
            f"After that, {c.friend} came to visit every day.",
        )
    )


def story(rng: random.Random, animal: str = "", name: str = "") -> str:
    """Return a story of six or seven sentences."""
    c = cast(rng, animal, name)
    plot = rng.choice((_found, _lost, _gave, _walked))
    return " ".join([*_opening(rng, c), *plot(rng, c), _ending(rng, c)])


def short_story(rng: random.Random, animal: str = "", name: str = "") -> str:
    """Return a story of one sentence, for the "short" system prompt."""
    c = cast(rng, animal, name)
    hero = article(f"{c.character} {c.animal}")
    deed = rng.choice(
        (
            f"found {article(c.object)} and gave it to {c.friend}",
            f"lost {article(c.object)}, and {c.friend} found it",
            f"shared {article(c.object)} with {c.friend}",
        )
    )
    return f"{c.name}, {hero}, {deed}."


def request(rng: random.Random, named: bool = True) -> tuple[str, str, str]:
    """Return a request for a story with the animal and the name it asks for (or empty)."""
    if rng.random() < 0.3:
        return rng.choice(REQUESTS), "", ""
    animal = rng.choice(ANIMALS)
    wish, name = article(animal), ""
    if named and rng.random() < 0.35:
        name = rng.choice(KNOWN)
        wish += rng.choice(NAMED).format(name=name)
    return rng.choice(ABOUT).format(a=wish), animal, name
