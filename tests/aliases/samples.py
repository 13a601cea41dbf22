"""Alias files to write in tests, and a folder of them."""

from pathlib import Path

from bodhi.aliases.store import AliasStore


def alias_text(name: str = "a", **lines: str) -> str:
    """A usable alias file; ``lines`` are further top-level keys with their values as YAML."""
    fields = {"alias": name, "repo": "owner/model-GGUF", "filename": "model.Q8_0.gguf", **lines}
    return "".join(f"{key}: {value}".replace(": \n", ":\n") + "\n" for key, value in fields.items())


def write_file(home: Path, stem: str, text: str | bytes, suffix: str = ".yaml") -> Path:
    """An alias file as a person's editor leaves it: no lock, no sidecar."""
    path = home / "aliases" / f"{stem}{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def open_store(home: Path) -> AliasStore:
    store = AliasStore(home)
    store.load_all()
    return store


def names_of(store: AliasStore) -> list[str]:
    """The names that can serve."""
    return [stored.alias.name for stored in store.all() if stored.alias]


def temporary_files(home: Path) -> list[str]:
    return [path.name for path in home.rglob("*.tmp")]
