"""All kinds of questions the demo model is taught."""

from . import calendar, nature, numbers, smalltalk, words, world
from .base import Item, Kind, fill

ALL: tuple[Kind, ...] = (
    *calendar.KINDS,
    *words.KINDS,
    *nature.KINDS,
    *world.KINDS,
    *numbers.KINDS,
    *smalltalk.KINDS,
)
BY_NAME: dict[str, Kind] = {kind.name: kind for kind in ALL}

__all__ = ["ALL", "BY_NAME", "Item", "Kind", "fill"]
