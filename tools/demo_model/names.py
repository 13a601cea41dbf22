"""First names the model knows, with the pronouns that go with them."""

from dataclasses import dataclass

_WOMEN = (
    "Ana Bella Clara Dora Emma Flora Greta Hanna Iris Julia Kate Lena Mia Nora Olga Paula Rosa "
    "Sara Tina Vera Zoe Lucy Maria Alice Eva Anna Lisa Laura Sofia Helen"
).split()
_MEN = (
    "Adam Ben Carl David Erik Felix George Hugo Ivan Jack Karl Leo Max Nils Oscar Peter Robin "
    "Simon Tom Victor Will John Paul Sam Henry Martin Oliver Daniel Bruno Philip"
).split()


@dataclass(frozen=True)
class Pronouns:
    """The words a story uses in place of a name."""

    subject: str
    object: str
    possessive: str


SHE = Pronouns("she", "her", "her")
HE = Pronouns("he", "him", "his")
PRONOUNS: dict[str, Pronouns] = {**dict.fromkeys(_WOMEN, SHE), **dict.fromkeys(_MEN, HE)}
KNOWN: tuple[str, ...] = tuple(sorted(PRONOUNS))
