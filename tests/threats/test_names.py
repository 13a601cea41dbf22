"""T12: names of aliases that somebody made up to reach other files, or another's alias."""

import random
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import pytest

from bodhi.aliases.filenames import stem_for
from bodhi.aliases.model import Alias
from bodhi.aliases.store import AliasStore
from bodhi.errors import AliasFileInvalid, AliasNotFound, BodhiError, NameInvalid, NameTaken
from tests.aliases.samples import alias_text, names_of, open_store, write_file

# Pieces that leave a folder, name a device, fool a parser, a shell, a reader or another system.
_PIECES = (
    *(".", "..", "/", "//", "\\", ":", "::", "-", "--", "@", "@3", "+", "_", "~", " ", "\t", "\n"),
    *(
        "\0",
        "\x1b[2J",
        "\x7f",
        "%2e%2e",
        "%2f",
        "%00",
        "..%c0%af",
        "&#47;",
        "\\..\\",
        "C:",
        "$(id)",
    ),
    *("`id`", ";", "|", "&", "*", "?", "<", ">", "'", '"', "#", "{", "[", "!", "é", "e\u0301", "İ"),
    *("ß", "\u202e", "\u2024", "\u2215", "\uff0e", "\uff0f", "\ufeff", "\ud800", "\U0001f600"),
    *("CON", "nul", "COM1", "aux.", "a", "A", "x", "llama3", "Q8_0", ".yaml", ".yml", ".tmp"),
    *("settings.yaml", "write.lock", "aliases", "state", "trash", "keys.json", "0", "9" * 130),
)
HOSTILE = 5_000
# No name has more pieces, so that even a broken store would stay in the test's own folder.
_DEPTH = 6


def hostile_names(seed: int, count: int = HOSTILE) -> list[str]:
    chance = random.Random(seed)
    names = ("".join(chance.choices(_PIECES, k=chance.randint(1, _DEPTH))) for _ in range(count))
    return [name.lstrip("/") for name in names]


_VERSION = re.compile(r"versions/[0-9a-f]{32}(/\d+\.yaml|/index\.json)?")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Deep enough that names of ``_DEPTH`` pieces cannot leave the test's folder."""
    folder = tmp_path.joinpath(*"abcdefg", "home")
    folder.mkdir(parents=True)
    return folder


def recipe(name: str) -> Alias:
    return Alias(name=name, repo="owner/model", filename="model.gguf")


def strays(home: Path, create: Callable[[str], object], names: Iterable[str]) -> list[str]:
    """What ``create`` left anywhere but in the one file that belongs to the name."""
    base = home.parents[7]
    create("first")
    before = {path for path in base.rglob("*") if path.parent != home / "aliases"}
    for name in names:
        with suppress(BodhiError, OSError, ValueError):
            create(name)
    allowed = {f"{stem_for(name)}.yaml" for name in [*names, "first"] if _is_name(name)}
    wrong = [
        str(path)
        for path in base.rglob("*")
        if path.parent != home / "aliases" and not _is_version(path, home)
    ]
    inside = [path.name for path in (home / "aliases").iterdir() if path.name not in allowed]
    return sorted({*wrong} - {str(path) for path in before}) + inside


def _is_version(path: Path, home: Path) -> bool:
    """Contents that aliases have had: under a uid and a number, which no name can choose."""
    inside = path.relative_to(home).as_posix() if path.is_relative_to(home) else ""
    return _VERSION.fullmatch(inside) is not None


def _is_name(name: str) -> bool:
    try:
        stem_for(name)
    except NameInvalid:
        return False
    return True


@pytest.mark.threat("T12")
def test_five_thousand_hostile_names_leave_nothing_outside_their_files(home: Path) -> None:
    seed = random.randrange(2**32)
    store = open_store(home)
    names = hostile_names(seed)
    assert strays(home, lambda name: store.create(recipe(name)), names) == [], f"seed {seed}"
    # Some of them are names indeed, or the others would prove little.
    assert 10 < len(names_of(store)) < HOSTILE / 2


@pytest.mark.threat("T12")
def test_no_alias_is_renamed_to_a_place_outside(home: Path) -> None:
    store = open_store(home)

    def rename(name: str) -> None:
        if store.by_stem("first") is None:
            store.create(recipe("first"))
        store.rename("first", name, if_etag=None)

    assert strays(home, rename, hostile_names(random.randrange(2**32), 500)) == []


@pytest.mark.threat("T12")
def test_nothing_outside_is_read_changed_or_deleted_by_a_made_up_id(home: Path) -> None:
    store = open_store(home)
    canary = home / "canary.yaml"
    canary.write_text(alias_text("canary"))
    for stem in ("../canary", "./../canary", str(canary.with_suffix("")), "..", ".", "", "a/../a"):
        for act in (
            lambda stem: store.delete(stem, if_etag=None),
            lambda stem: store.save(stem, alias_text("canary"), if_etag=None),
            store.text_of,
        ):
            with pytest.raises(AliasNotFound):
                act(stem)
    assert canary.read_text() == alias_text("canary")


@pytest.mark.planted("T12")
def test_a_store_that_joins_names_to_paths_would_be_found(home: Path) -> None:
    def careless(name: str) -> None:
        path = home / "aliases" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(alias_text(name))

    assert strays(home, careless, ["../outside"]) == [str(home / "outside.yaml")]
    assert strays(home, careless, hostile_names(1, 200))


def shared_files(
    create: Callable[[AliasStore, str], object], store: AliasStore, names: Iterable[str]
) -> list[str]:
    """Names that were taken and cannot be found again as what they were."""
    taken = []
    for name in names:
        with suppress(NameTaken, NameInvalid):
            create(store, name)
            taken.append(name)
    store.reload()
    held = {stored.alias.name for stored in store.all() if stored.alias}
    return [name for name in taken if name not in held]


CLASHING = [
    *("a:b", "a/b", "a--b", "A:b", "a-:b", "a:-b", "a/B:c", "a:b/c", "a--b--c", "x.yaml", "x"),
    *("X", "x.yml", "x:y", "x--Y", "K", "k", "i", "I", "q8_0", "Q8_0", "a+b", "a@b", "a@b3"),
]


@pytest.mark.threat("T12")
def test_two_names_never_share_a_file(home: Path) -> None:
    store = open_store(home)
    names = [*CLASHING, *CLASHING]
    assert shared_files(lambda store, name: store.create(recipe(name)), store, names) == []
    files = list((home / "aliases").iterdir())
    assert len({file.name.casefold() for file in files}) == len(names_of(store)) == len(files)
    with pytest.raises(NameTaken):
        store.create(recipe("A/B"))


@pytest.mark.planted("T12")
def test_a_store_that_overwrites_would_be_found(home: Path) -> None:
    store = open_store(home)

    def careless(store: AliasStore, name: str) -> None:
        write_file(home, stem_for(name), alias_text(name))

    assert shared_files(careless, store, CLASHING)


@pytest.mark.threat("T12")
def test_a_file_that_claims_anothers_name_serves_nobody(home: Path) -> None:
    store = open_store(home)
    store.create(recipe("mine"))
    write_file(home, "theirs", alias_text("mine").replace("model.Q8_0", "evil"))
    store.reload()
    assert (served := store.get("mine")) is not None
    assert served.alias is None or served.alias.filename == "model.gguf"
    assert (refused := store.by_stem("theirs")) is not None
    assert refused.alias is None
    with pytest.raises(AliasFileInvalid):
        store.create("alias: x\nalias: ../y\nrepo: o/r\nfilename: f\n")
