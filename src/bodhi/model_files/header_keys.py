"""Typed access to a GGUF header's metadata; what has the wrong type counts as absent. Pure."""

from collections.abc import Mapping

from bodhi.model_files.gguf import Value


class HeaderKeys:
    """``own`` keys begin with the architecture's name: ``llama.block_count``."""

    def __init__(self, metadata: Mapping[str, Value]) -> None:
        self._metadata = metadata
        self.architecture = self.text("general.architecture") or ""

    def text(self, key: str) -> str | None:
        value = self._metadata.get(key)
        return value if isinstance(value, str) and value else None

    def whole(self, key: str) -> int | None:
        value = self._metadata.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def own_whole(self, key: str) -> int | None:
        return self.whole(f"{self.architecture}.{key}")

    def own_count(self, key: str, default: int = 0) -> int:
        """A number that cannot be negative."""
        value = self.own_whole(key)
        return default if value is None or value < 0 else value

    def per_layer(self, key: str) -> tuple[int, ...]:
        """One number for all layers, or one for each; empty if absent or no numbers."""
        value = self._metadata.get(f"{self.architecture}.{key}")
        numbers = value if isinstance(value, tuple) else (value,)
        whole = tuple(n for n in numbers if isinstance(n, int) and not isinstance(n, bool))
        return whole if len(whole) == len(numbers) else ()

    def flags(self, key: str) -> tuple[bool, ...]:
        """One truth for each layer, written as booleans or numbers; empty if it is no array."""
        value = self._metadata.get(f"{self.architecture}.{key}")
        numbers = value if isinstance(value, tuple) else ()
        return tuple(bool(n) for n in numbers if isinstance(n, int))
