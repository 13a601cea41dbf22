"""Questions the model is taught not to know.

Two sorts: open questions about the wide world, and *strangers*: questions of a known kind about
something that is not among its items (the capital of a country the model never learned).
"""

import random
from collections.abc import Callable, Mapping
from functools import cache

from .kinds import ALL, Kind
from .kinds.base import article

TEMPLATES: tuple[str, ...] = (
    "Who was the king of {x}?",
    "Write a program for {x}.",
    "Write a program that uses {x}.",
    "Explain {x} to me.",
    "Explain {x}.",
    "What do you think about {x}?",
    "How does {x} work?",
    "Why is {x} so {y}?",
    "When was {x} invented?",
    "Who invented {x}?",
    "Can you summarise {x}?",
    "What is the meaning of {x}?",
    "Write an essay about {x}.",
    "Write a poem about {x}.",
    "Write me a letter about {x}.",
    "Is {x} better than {y}?",
    "Which is better, {x} or {y}?",
    "Do you like {x}?",
    "What is the weather in {x}?",
    "Will it rain in {x} tomorrow?",
    "How do I cook {x}?",
    "How do I repair {x}?",
    "How do I install {x}?",
    "What happened in {x}?",
    "How old is {x}?",
    "How tall is {x}?",
    "How far is {x} from here?",
    "What is the price of {x}?",
    "How much does {x} cost?",
    "Who won the {x}?",
    "I want to buy {x} and {y}.",
    "My {x} is broken.",
    "Where can I buy {x}?",
    "Give me advice about {x}.",
    "What should I do about {x}?",
    "Tell me about {x}.",
    "Tell me everything about {x}.",
    "Describe {x}.",
    "Compare {x} and {y}.",
    "Give me a recipe for {x}.",
    "Why do people like {x}?",
    "Why does {x} exist?",
    "What causes {x}?",
    "What is the history of {x}?",
    "Who is {x}?",
    "Who wrote {x}?",
    "What is {x}?",
    "Translate {x} to Chinese.",
    "Fix my {x}.",
    "Help me with {x}.",
    "How many {x} are there in the world?",
    "How big is {x}?",
    "Can {x} be dangerous?",
    "Is {x} healthy?",
    "What is the best {x}?",
    "Recommend a good {x}.",
    "Where is {x}?",
    "When does {x} start?",
    "How do I learn {x}?",
    "I need help with {x}.",
    "Plan a trip to {x}.",
    "Who is the president of {x}?",
    "What is the population of {x}?",
    "{x} {y}",
    "{x}?",
    "{x}",
)
TOPICS: tuple[str, ...] = tuple(
    "physics quantum computer Napoleon history democracy football Amsterdam music software python "
    "economy planets Mars stocks climate president internet rocket engine gravity poetry "
    "philosophy Shakespeare chess pizza lasagne taxes hotel movie Einstein evolution electricity "
    "vaccine bitcoin pyramid ocean dinosaur volcano algebra novel Beethoven telescope "
    "atoms cells traffic visa insurance money haircut shopping fashion games smartphone laptop "
    "password email website server docker database kubernetes linux windows javascript "
    "regression calculus geometry thermodynamics chemistry biology genetics medicine cancer "
    "diabetes headache vitamins protein yoga marathon olympics basketball volleyball swimming "
    "Mozart opera guitarist orchestra jazz sculpture museum archaeology Vikings Romans "
    "Caesar Cleopatra Lincoln revolution constitution parliament elections inflation banking "
    "mortgage salary interview resume university homework exam dissertation psychology anxiety "
    "happiness dreams religion buddhism ethics justice crime police lawyer contract "
    "startup marketing advertising logistics robotics satellites astronauts galaxies blackholes "
    "asteroids earthquakes hurricanes glaciers deserts rainforest recycling pollution solar "
    "turbines batteries nuclear radiation laser microscope magnetism semiconductors transistors "
    "compiler algorithms recursion encryption firewall blockchain spreadsheet printer keyboard "
    "headphones television podcast wikipedia youtube airport passport luggage Manhattan "
    "California Himalaya Sahara Antarctica Atlantis zombies vampires dragons wizards Hogwarts "
    "spaghetti risotto curry sushi tofu espresso cappuccino whisky champagne".split()
)
MANNERS: tuple[str, ...] = tuple(
    "expensive popular famous complicated important difficult strange beautiful dangerous "
    "useful boring slow".split()
)
_COUNTRIES = (
    "Mongolia Argentina Chile Bolivia Ecuador Colombia Venezuela Uruguay Paraguay Panama "
    "Jamaica Iceland Latvia Estonia Lithuania Ukraine Romania Bulgaria Serbia Croatia Slovenia "
    "Albania Morocco Tunisia Algeria Libya Sudan Ethiopia Somalia Uganda Tanzania Zambia Angola "
    "Namibia Botswana Ghana Senegal Mali Chad Iran Iraq Syria Jordan Israel Pakistan Nepal Bhutan "
    "Thailand Vietnam Laos Malaysia Indonesia Australia Fiji Samoa Tonga"
).split()
_BEASTS = (
    "platypus armadillo hedgehog badger otter weasel hamster gerbil iguana gecko lizard crocodile "
    "alligator tortoise lobster jellyfish dolphin whale walrus seal moose bison buffalo antelope "
    "gazelle leopard jaguar cheetah hyena jackal raccoon skunk opossum sloth lemur gorilla "
    "chimpanzee parrot peacock pelican stork heron eagle vulture falcon pigeon sparrow "
    "mosquito cricket scorpion termite"
).split()
_WORDS = (
    "helicopter mountain village bottleneck wisdom courage telephone carpet blanket "
    "pillow curtain ceiling basement elevator corridor satellite "
    "shadow thunder lightning horizon harbour lighthouse anchor compass "
    "treasure island canyon meadow orchard vineyard garlic ginger cinnamon "
    "mustard pancake sandwich biscuit whistle pencil notebook calendar envelope "
    "suitcase wrestle gallop stumble whisper wander hesitate negotiate celebrate "
    "purchase gigantic ancient fragile peculiar mysterious elegant stubborn generous"
).split()
_THINGS = (
    "microwave projector turbine transistor "
    "trombone saxophone accordion kayak canoe tractor bulldozer scooter skateboard wardrobe "
    "mattress chandelier thermometer calculator stapler dictionary parachute "
    "lantern hourglass bagpipe tambourine zucchini artichoke broccoli cauliflower papaya "
    "avocado pomegranate astronaut plumber electrician carpenter dentist surgeon detective "
    "firefighter architect journalist"
).split()
_TIMES = (
    "Christmas Easter breakfast lunch dinner birthday holiday midnight noon Someday Blursday "
    "Moonday Febtober Smarch Octember century millennium weekend"
).split()
POOLS: Mapping[str, tuple[str, ...]] = {
    "country": tuple(_COUNTRIES),
    "animal": tuple(_BEASTS),
    "word": tuple(_WORDS),
    "thing": tuple(_THINGS),
    "time": tuple(_TIMES),
}
_SYLLABLES = (
    "ba be bri bo da dre di do fa ka klo la le li lu ma me mi mo na nex ni no pa pe ra re ri ro sa "
    "ske si so ta te tri to va vi wo ya za zu el an arn en is orf us quo gim fut"
).split()
_LARGEST_KNOWN = 30


def invented_word(rng: random.Random) -> str:
    """Return a word that means nothing."""
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((2, 2, 3))))


def topic(rng: random.Random, allowed: Callable[[str], bool]) -> str:
    """Return a topic for an open question."""
    chance = rng.random()
    if chance < 0.2:
        return invented_word(rng)
    if chance < 0.27:
        return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(2, 7)))
    words = TOPICS if chance < 0.75 else POOLS[rng.choice(tuple(POOLS))]
    while True:
        word = rng.choice(words)
        if allowed(word):
            break
    return word.lower() if rng.random() < 0.3 else word


@cache
def strangers(kind_name: str) -> tuple[str, ...]:
    """Return the words of its pool that a kind does not know."""
    kind = next(kind for kind in ALL if kind.name == kind_name)
    known = {item.label for item in kind.items}
    return tuple(word for word in POOLS.get(kind.strangers, ()) if word not in known)


def stranger_fields(kind: Kind, word: str) -> dict[str, str]:
    """Return the template fields for a stranger (a word, or two numbers as ``a/b``)."""
    if kind.strangers in ("sum", "difference", "product"):
        first, second = word.split("/")
        return {"a": first, "b": second}
    return {"x": word, "a": article(word), "p": word if word.endswith("s") else word + "s"}


def stranger(rng: random.Random, kind: Kind) -> str:
    """Return something ``kind`` could be asked about but does not know."""
    if kind.strangers in ("sum", "difference", "product"):
        first = rng.randint(_LARGEST_KNOWN, 999)
        second = rng.randint(2, first)
        return f"{first}/{second}"
    if rng.random() < 0.3:
        word = invented_word(rng)
        return word.capitalize() if kind.strangers in ("country", "time") else word
    return rng.choice(strangers(kind.name))
