"""Countries, things, work, kinds of things, and yes-or-no questions."""

from collections.abc import Mapping

from .base import Item, Kind, article, clause, noun, pairs, plain_items, sentence

CAPITALS = pairs(
    "France: Paris, Italy: Rome, Spain: Madrid, Germany: Berlin, England: London, Japan: Tokyo,"
    "Egypt: Cairo, Greece: Athens, Russia: Moscow, China: Beijing, Norway: Oslo,"
    "Sweden: Stockholm, Portugal: Lisbon, Ireland: Dublin, Poland: Warsaw, Austria: Vienna,"
    "Cuba: Havana, Peru: Lima, Canada: Ottawa, Finland: Helsinki, Hungary: Budapest,"
    "Denmark: Copenhagen, Turkey: Ankara, Kenya: Nairobi, Belgium: Brussels, India: New Delhi"
)
LANGUAGES = pairs(
    "France: French, Italy: Italian, Spain: Spanish, Germany: German, England: English,"
    "Japan: Japanese, Greece: Greek, Russia: Russian, China: Chinese, Norway: Norwegian,"
    "Sweden: Swedish, Portugal: Portuguese, Poland: Polish, Austria: German, Cuba: Spanish,"
    "Finland: Finnish, Hungary: Hungarian, Denmark: Danish, Turkey: Turkish"
)
CONTINENTS = pairs(
    "France: Europe, Italy: Europe, Spain: Europe, Germany: Europe, England: Europe, Japan: Asia,"
    "Egypt: Africa, Greece: Europe, China: Asia, Norway: Europe, Sweden: Europe,"
    "Portugal: Europe, Ireland: Europe, Poland: Europe, Austria: Europe, Cuba: America,"
    "Peru: America, Canada: America, Finland: Europe, Hungary: Europe, Denmark: Europe,"
    "Kenya: Africa, Belgium: Europe, India: Asia, Mexico: America, Brazil: America,"
    "Nigeria: Africa, Korea: Asia"
)
USES = pairs(
    "knife: cutting, pen: writing, spoon: eating soup, hammer: hitting nails, key: opening doors,"
    "umbrella: staying dry, clock: telling the time, bed: sleeping, oven: baking,"
    "broom: sweeping, camera: taking pictures, cup: drinking, lamp: giving light, chair: sitting,"
    "car: driving, boat: sailing, brush: painting, book: reading, ladder: climbing, needle: sewing"
)
MATERIALS = pairs(
    "window: glass, table: wood, coin: metal, shirt: cotton, tyre: rubber, book: paper,"
    "brick: clay, ring: gold, sweater: wool, shoe: leather, bottle: plastic, candle: wax,"
    "nail: iron, statue: stone"
)
WORKPLACES = pairs(
    "baker: in a bakery, teacher: in a school, doctor: in a hospital, farmer: on a farm,"
    "cook: in a kitchen, sailor: on a ship, pilot: in a plane, judge: in a court,"
    "waiter: in a restaurant, gardener: in a garden, miner: in a mine, actor: in a theatre,"
    "librarian: in a library, mechanic: in a garage"
)
TASTES = pairs(
    "lemon: sour, sugar: sweet, salt: salty, honey: sweet, coffee: bitter, cake: sweet,"
    "vinegar: sour, pepper: hot, jam: sweet, chocolate: sweet, seawater: salty, lime: sour"
)
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "animal": tuple("cat dog cow lion horse sheep mouse wolf bear frog duck tiger".split()),
    "fruit": tuple("apple banana cherry lemon pear plum grape peach".split()),
    "vegetable": tuple("carrot onion potato cucumber cabbage pea".split()),
    "tool": tuple("hammer saw drill shovel rake".split()),
    "instrument": tuple("piano violin guitar drum flute trumpet".split()),
    "vehicle": tuple("car bus train bicycle truck boat".split()),
}
ABILITIES: Mapping[str, tuple[str, str]] = {
    "fly": ("bird bee owl crow duck swan", "dog cow pig horse cat snake"),
    "swim": ("fish duck shark frog penguin swan", "stone chair tree house car hen"),
    "climb": ("cat monkey squirrel", "cow fish horse"),
    "talk": ("teacher child king", "table stone shoe"),
    "read": ("teacher judge librarian", "fish tree cloud"),
}


def _with_article(entries: list[tuple[str, str]], prefix: str = "") -> tuple[Item, ...]:
    return tuple(
        Item(x, {"x": x, "a": article(x)}, sentence(prefix + answer)) for x, answer in entries
    )


def _tasted(thing: str) -> str:
    return article(thing) if thing in ("lemon", "lime", "cake") else thing


def _category_items() -> tuple[Item, ...]:
    return tuple(
        Item(thing, {"x": thing, "a": article(thing)}, sentence(article(category)))
        for category, things in CATEGORIES.items()
        for thing in things
    )


def _membership_items() -> tuple[Item, ...]:
    """Return as many right statements as wrong ones: each thing has one of both."""
    names = list(CATEGORIES)
    found = []
    for position, (category, things) in enumerate(CATEGORIES.items()):
        for index, thing in enumerate(things):
            other = names[(position + 1 + index % (len(names) - 1)) % len(names)]
            for name, answer in ((category, "Yes."), (other, "No.")):
                fields = {"a": article(thing), "c": article(name)}
                found.append(Item(f"{thing}/{name}", fields, answer))
    return tuple(found)


def _ability_items() -> tuple[Item, ...]:
    found = []
    for verb, (able, unable) in ABILITIES.items():
        for names, answer in ((able, "Yes."), (unable, "No.")):
            for name in names.split():
                fields = {"a": article(name), "v": verb}
                found.append(Item(f"{name}/{verb}", fields, answer))
    return tuple(found)


def _yes_no(question: str, statement: str) -> tuple[str, ...]:
    """Return phrasings of a yes-or-no question, given as a question and as a statement."""
    return (
        question[0].upper() + question[1:] + "?",
        f"Tell me, {question}?",
        f"Is it true that {statement}?",
        f"Is it right that {statement}?",
        f"Is it correct that {statement}?",
        f"Do you think {statement}?",
        f"Do you think that {statement}?",
        f"Would you say {statement}?",
        f"Would you say that {statement}?",
        f"Can you tell me if {statement}?",
        f"Could you tell me if {statement}?",
        f"Tell me if {statement}.",
        f"Do you know if {statement}?",
        f"I want to know if {statement}.",
        f"I would like to know if {statement}.",
        f"I wonder if {statement}.",
        f"Let me know if {statement}.",
        f"True or not: {statement}?",
        f"Yes or no: {question}?",
        f"Say yes or no: {question}?",
        f"Are you sure that {statement}?",
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        "capital",
        (
            *noun("the capital of {x}"),
            "Which city is the capital of {x}?",
            "What city is the capital of {x}?",
            "Which city is the capital city of {x}?",
            "What capital does {x} have?",
            "Which capital does {x} have?",
            "{x}: what is its capital?",
            "{x} has which capital?",
            *noun("the capital city of {x}"),
            *clause("which city is the capital of {x}", 0, 2),
        ),
        plain_items(CAPITALS),
        "country",
        1.2,
    ),
    Kind(
        "language",
        (
            "What language do people speak in {x}?",
            "Which language do people speak in {x}?",
            "Which language is spoken in {x}?",
            "What language is spoken in {x}?",
            "What do people speak in {x}?",
            "Which language do they speak in {x}?",
            "In {x}, what language do people speak?",
            *noun("the language of {x}"),
            *noun("the language spoken in {x}", 1, 2),
            *clause("which language people speak in {x}"),
            *clause("what language is spoken in {x}", 1, 2),
        ),
        plain_items(LANGUAGES),
        "country",
        1.2,
    ),
    Kind(
        "continent",
        (
            "On which continent is {x}?",
            "On what continent is {x}?",
            "Which continent is {x} on?",
            "What continent is {x} on?",
            "Which continent is {x} part of?",
            "To which continent does {x} belong?",
            "Which continent does {x} belong to?",
            "{x} is on which continent?",
            *noun("the continent of {x}"),
            *noun("the continent {x} is on", 1, 2),
            *clause("which continent {x} is on"),
            *clause("on which continent {x} is", 1, 2),
        ),
        plain_items(CONTINENTS),
        "country",
        1.2,
    ),
    Kind(
        "use",
        (
            "What is {a} for?",
            "What is {a} used for?",
            "What do you use {a} for?",
            "What do people use {a} for?",
            "What can I use {a} for?",
            "What do I need {a} for?",
            "For what do you use {a}?",
            "What can you do with {a}?",
            "What do people do with {a}?",
            "Why do people use {a}?",
            "Why would I need {a}?",
            *noun("the use of {a}"),
            *clause("what {a} is for"),
            *clause("what {a} is used for"),
            *clause("what people use {a} for", 1, 2),
        ),
        _with_article(USES, "for "),
        "thing",
    ),
    Kind(
        "material",
        (
            "What is {a} made of?",
            "What is {a} made from?",
            "Of what is {a} made?",
            "From what is {a} made?",
            "Which material is {a} made of?",
            "What material is {a} made of?",
            "Of which material is {a} made?",
            "{a} is made of what?",
            "What do you make {a} from?",
            "What do you need to make {a}?",
            *noun("the material of {a}"),
            *noun("the material {a} is made of", 1, 2),
            *clause("what {a} is made of"),
            *clause("which material {a} is made of", 1, 2),
        ),
        _with_article(MATERIALS),
        "thing",
        1.2,
    ),
    Kind(
        "workplace",
        (
            "Where does {a} work?",
            "Where do you find {a} at work?",
            "Where can I find {a} at work?",
            "Where can you meet {a} at work?",
            "In which place does {a} work?",
            "At what place does {a} work?",
            "Where does {a} do the work?",
            "{a} works where?",
            *noun("the workplace of {a}"),
            *noun("the place where {a} works", 1, 2),
            *clause("where {a} works"),
            *clause("in which place {a} works", 1, 2),
        ),
        _with_article(WORKPLACES),
        "thing",
    ),
    Kind(
        "taste",
        (
            "How does {a} taste?",
            "What does {a} taste like?",
            "What taste does {a} have?",
            "Which taste does {a} have?",
            "{a} tastes how?",
            "{a} has which taste?",
            *noun("the taste of {a}"),
            *clause("how {a} tastes"),
            *clause("what {a} tastes like"),
            *clause("which taste {a} has", 1, 2),
        ),
        tuple(Item(x, {"x": x, "a": _tasted(x)}, sentence(answer)) for x, answer in TASTES),
        "thing",
        1.2,
    ),
    Kind(
        "category",
        (
            "What is {a}?",
            "What kind of thing is {a}?",
            "What sort of thing is {a}?",
            "What type of thing is {a}?",
            "Which kind of thing is {a}?",
            "{a} is what kind of thing?",
            "{a} is what?",
            "To what group does {a} belong?",
            "What group does {a} belong to?",
            "What would you call {a}?",
            *clause("what {a} is"),
            *clause("what kind of thing {a} is"),
            *clause("what sort of thing {a} is", 1, 2),
        ),
        _category_items(),
        "thing",
        1.1,
    ),
    Kind("membership", _yes_no("is {a} {c}", "{a} is {c}"), _membership_items(), "", 1.2),
    Kind("ability", _yes_no("can {a} {v}", "{a} can {v}"), _ability_items(), "", 1.2),
)
