"""What is done to a home while something breaks, and which states of it are right afterwards."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bodhi.access.grant import KeyScope
from bodhi.access.keys import KeyStore
from bodhi.aliases.drafts import Drafts
from bodhi.aliases.store import AliasStore
from bodhi.files import Disk
from tests.aliases.samples import alias_text, open_store, temporary_files

OLD, NEW, OTHER = alias_text("a"), alias_text("a", snapshot="new"), alias_text("b")
State = dict[str, str]


def aliases_of(home: Path) -> State:
    """File name -> text of every alias file; whatever a kill left beside them is not one."""
    folder = home / "aliases"
    left = temporary_files(home)
    return {path.name: path.read_text() for path in folder.iterdir() if path.name not in left}


def keys_of(home: Path) -> State:
    """The names of the keys, as the file has them."""
    path = home / "state" / "keys.json"
    entries = json.loads(path.read_text())["keys"] if path.exists() else []
    return {entry["name"]: "" for entry in entries}


@dataclass(frozen=True)
class Act:
    """``before`` and ``after`` are what ``look`` shows; a kill may also leave ``between``."""

    run: Callable[[Path, Disk], Callable[[], object]]
    after: State
    before: State = field(default_factory=lambda: {"a.yaml": OLD})
    between: State | None = None
    look: Callable[[Path], State] = aliases_of


def _with_store(change: Callable[[AliasStore], object]) -> Callable[..., Callable[[], object]]:
    def opened(home: Path, disk: Disk) -> Callable[[], object]:
        store = AliasStore(home, disk=disk)
        store.load_all()
        return lambda: change(store)

    return opened


def _with_keys(change: Callable[[KeyStore], object]) -> Callable[..., Callable[[], object]]:
    def opened(home: Path, disk: Disk) -> Callable[[], object]:
        store = KeyStore(home, disk=disk)
        return lambda: change(store)

    return opened


CHANGES: dict[str, Callable[[AliasStore], object]] = {
    "save": lambda store: store.save("a", NEW, if_etag=None),
    "edit": lambda store: store.edit("a", {("snapshot",): "new"}, if_etag=None),
    "create": lambda store: store.create(OTHER),
    "rename": lambda store: store.rename("a", "b", if_etag=None),
    "delete": lambda store: store.delete("a", if_etag=None),
    "restore": lambda store: store.restore(store.trash()[0].id),
}
AFTER: dict[str, State] = {
    "save": {"a.yaml": NEW},
    "edit": {"a.yaml": NEW},
    "create": {"a.yaml": OLD, "b.yaml": OTHER},
    "rename": {"b.yaml": OTHER},
    "delete": {},
    "restore": {"a.yaml": OLD, "b.yaml": OTHER},
}
# What a kill may leave until the next start, which ends it.
BETWEEN: dict[str, State] = {"rename": {"a.yaml": OLD, "b.yaml": OTHER}}

ACTS: dict[str, Act] = {
    name: Act(_with_store(change), AFTER[name], between=BETWEEN.get(name))
    for name, change in CHANGES.items()
}
ACTS |= {
    "create a key": Act(
        _with_keys(lambda store: store.create("new", KeyScope.ADMIN)),
        {"old": "", "new": ""},
        before={"old": ""},
        look=keys_of,
    ),
    "revoke a key": Act(
        _with_keys(lambda store: store.revoke(store.all()[0].id)),
        {},
        before={"old": ""},
        look=keys_of,
    ),
}


def furnish(home: Path) -> None:
    """One alias, and another one in the trash. Beside the home it is noted who they are."""
    store = open_store(home)
    uids = [store.create(text).uid for text in (OLD, OTHER)]
    store.delete("b", if_etag=None)
    _drafts(home, Disk()).begin(NEW, store.by_stem("a"))
    _uids_file(home).write_text(json.dumps(uids))


def _uids_file(home: Path) -> Path:
    return home / "known-uids"


def _strangers(store: AliasStore, home: Path, act: str) -> list[str]:
    """Aliases that are not who they were, or are one and the same."""
    known = json.loads(_uids_file(home).read_text())
    uids = [stored.uid for stored in store.all()]
    strangers = [uid for uid in uids if uid not in known and act != "create"]
    return [f"{uids} should be of {known}"] if strangers or len({*uids}) < len(uids) else []


def _drafts(home: Path, disk: Disk) -> Drafts:
    store = AliasStore(home, disk=disk)
    store.load_all()
    drafts = Drafts(home, store, disk=disk)
    drafts.load()
    return drafts


def _publish(home: Path, disk: Disk) -> Callable[[], object]:
    drafts = _drafts(home, disk)
    return lambda: drafts.publish(drafts.all()[0].id, etags=None, note="why")


ACTS["publish"] = Act(_publish, {"a.yaml": NEW})


def _drafts_out_of_step(home: Path) -> list[str]:
    """A draft is there until its text is published, with its note, and is gone after a start."""
    drafts, store = _drafts(home, Disk()).all(), open_store(home)
    if aliases_of(home)["a.yaml"] == OLD:
        return [] if [draft.text for draft in drafts] == [NEW] else ["the draft is lost"]
    (newest, *_) = store.versions("a")
    wrong = [] if not drafts else ["the draft outlives its publish"]
    told = (newest.how, newest.note, newest.number)
    return wrong if told == ("publish", "why", 2) else [*wrong, f"the version is {newest}"]


def make_home(home: Path) -> Path:
    """A home in the state that every act begins with."""
    furnish(home)
    KeyStore(home).create("old", KeyScope.ADMIN)
    return home


def trouble(name: str, home: Path, outcome: str | None) -> list[str]:
    """What is wrong with ``home`` after an act that something befell; empty if the promise held.

    ``outcome`` is ``saved``, what was said instead, or None where the process was killed.
    """
    act = ACTS[name]
    found = act.look(home)
    legal = [act.after] if outcome == "saved" else [act.before, act.after]
    if outcome is None and act.between is not None:
        legal.append(act.between)
    wrong = []
    if found not in legal:
        wrong.append(f"{outcome}, and the files are {found}")
    if outcome is not None and not re.match("saved|StorageFailed: |AliasBroken: ", outcome):
        wrong.append(f"it was told as {outcome}")
    if outcome is not None and (left := temporary_files(home)):
        wrong.append(f"{outcome}, and {left} stays")
    store = open_store(home)
    if problems := [stored.problem for stored in store.all() if stored.problem]:
        wrong.append(f"after a restart: {problems}")
    if left := temporary_files(home):
        wrong.append(f"after a restart {left} stays")
    if (found := act.look(home)) not in (act.before, act.after):
        wrong.append(f"after a restart the files are {found}")
    wrong += _strangers(store, home, name)
    if name == "publish":
        wrong += _drafts_out_of_step(home)
    return wrong


def trouble_again(name: str, home: Path) -> list[str]:
    """What goes wrong when the act that failed is done once more, now that the cause is gone."""
    act = ACTS[name]
    if act.look(home) != act.before:
        return []
    act.run(home, Disk())()
    return [] if act.look(home) == act.after else ["it does not work again"]
