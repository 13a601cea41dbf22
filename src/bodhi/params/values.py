"""The value types that parameters have, shared by every room above. Pure."""

from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]

# For ``isinstance``: ``int | float`` is put together anew, and costly, wherever it is asked.
NUMBER = (int, float)
