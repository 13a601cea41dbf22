"""All aliases and models as the control plane reads them: the list, one of them, a name resolved.

Everything here blocks and is called from a thread, where it lets the event loop in between: ten
thousand aliases are shown within the time of many tokens of somebody's answer. What has not changed
since the last list is not shown anew.
"""

import hashlib
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeAlias

from bodhi.aliases.check import Checker
from bodhi.aliases.entry import Entry, entry_of_model, entry_of_stored, model_by_alias_id
from bodhi.aliases.model import AliasSource, StoredAlias
from bodhi.aliases.recipe import recipe_of
from bodhi.aliases.show import show_detail, show_item, show_trace
from bodhi.aliases.shown import TraceShown
from bodhi.aliases.store import AliasStore
from bodhi.aliases.trace import shadowed_by_model, trace
from bodhi.aliases.view import View
from bodhi.chat_templates.sources import CHANGEABLE, origin_of
from bodhi.errors import AliasNotFound, BodhiError
from bodhi.model_files.index import Catalogue
from bodhi.params.explain import Explained, explain

# Between two looks at whether somebody else wants the interpreter: well below a millisecond.
_ITEMS_IN_A_ROW = 16
_ITEMS_IN_A_PART = 64


@dataclass(frozen=True, slots=True)
class Answer:
    """JSON in parts, none of them large, and the etag of exactly these bytes."""

    parts: tuple[bytes, ...]
    etag: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """One item as JSON, and everything that it was made from."""

    made_from: tuple[object, ...]
    json: bytes


_Key: TypeAlias = tuple[AliasSource, str]
_Pieces: TypeAlias = dict[_Key, _Piece]
_Templates: TypeAlias = dict[str | None, str | None]  # declared -> why it cannot be used


class Listing:
    """Reads the aliases of ``store`` against a catalogue of models that the caller hands in."""

    def __init__(self, store: AliasStore, checker: Checker) -> None:
        self._store = store
        self._checker = checker
        self._lock = threading.Lock()
        self._pieces: _Pieces = {}
        self._last: tuple[tuple[View, Catalogue, _Templates], Answer] | None = None

    def all(self, catalogue: Catalogue) -> Answer:
        """Every alias, as an ``AliasList``."""
        with self._lock:
            view = self._store.view
            if self._last is not None:
                (old_view, old_catalogue, templates), answer = self._last
                if view is old_view and catalogue is old_catalogue and self._still(templates):
                    return answer
            templates = {}
            self._pieces = dict(self._show_all(view, catalogue, templates))
            answer = _answer(_joined([piece.json for piece in self._pieces.values()]))
            self._last = (view, catalogue, templates), answer
            return answer

    def one(self, alias_id: str, catalogue: Catalogue) -> Answer:
        """The alias with this URL id, as an ``AliasDetail``. Raises AliasNotFound."""
        # First, because it reads the file again: text and recipe are then of one content.
        text = self._text(alias_id)
        entry = self._entry(alias_id, catalogue)
        error = self._checker.error_of(entry, catalogue)
        found = trace(entry.name, self._store, catalogue)
        findings = self._checker.findings(entry)
        detail = show_detail(entry, error, found, self._explain(entry), findings, text)
        answer = _answer([detail.model_dump_json().encode()])
        if entry.source is AliasSource.MODEL:
            return answer
        # What a change is based on is the file; what a reader has is all of this.
        return replace(answer, etag=f"{entry.etag}.{answer.etag}")

    def resolve(self, name: str, catalogue: Catalogue) -> TraceShown:
        """What a request for ``name`` would get."""
        return show_trace(trace(name, self._store, catalogue))

    def _text(self, alias_id: str) -> str | None:
        if self._store.by_stem(alias_id) is None:
            return None
        # A file that is no text has none to show, and the error says so already.
        with suppress(BodhiError):
            return self._store.text_of(alias_id)[0]
        return None

    def _entry(self, alias_id: str, catalogue: Catalogue) -> Entry:
        if stored := self._store.by_stem(alias_id):
            return entry_of_stored(stored, catalogue)
        if model := model_by_alias_id(alias_id, catalogue):
            return entry_of_model(model)
        raise AliasNotFound("No alias or model has this id.", remedy="GET /api/v1/aliases has all.")

    def _explain(self, entry: Entry) -> list[Explained]:
        if entry.alias is None:
            return []
        try:
            return explain(recipe_of(entry.alias, entry.model, self._checker.cores))
        except BodhiError:  # which is the alias's error, and shown as such
            return []

    def _still(self, templates: _Templates) -> bool:
        """Whether the templates that are not ours are as they were; they are files, too."""
        return all(
            self._template_problem(declared) == known
            for declared, known in templates.items()
            if origin_of(declared) in CHANGEABLE
        )

    def _template_problem(self, declared: str | None) -> str | None:
        error = self._checker.template_missing(declared)
        return error.message if error else None

    def _show_all(
        self, view: View, catalogue: Catalogue, templates: _Templates
    ) -> Iterator[tuple[_Key, _Piece]]:
        for number, (source, entry) in enumerate(_entries(view, catalogue)):
            if number % _ITEMS_IN_A_ROW == 0:
                time.sleep(0)
            declared = entry.alias.chat_template if entry.alias else None
            if declared not in templates:
                templates[declared] = self._template_problem(declared)
            shadow = shadowed_by_model(entry.name, self._store, catalogue)
            made_from = (source, _place_of(entry), templates[declared], shadow)
            # The id alone is not enough: any name can be given to a file that is no alias.
            key = entry.source, entry.id
            known = self._pieces.get(key)
            if known is None or known.made_from != made_from:
                error = self._checker.error_of(entry, catalogue)
                findings = self._checker.findings(entry)
                item = show_item(entry, error, [shadow, *findings] if shadow else findings)
                known = _Piece(made_from, item.model_dump_json().encode())
            yield key, known


def _entries(view: View, catalogue: Catalogue) -> Iterator[tuple[object, Entry]]:
    """Each with the object that is another once it has changed."""
    for stored in sorted(view.by_stem.values(), key=_name_of):
        yield stored, entry_of_stored(stored, catalogue)
    for model in catalogue.rows:
        yield model, entry_of_model(model)


def _joined(items: Sequence[bytes]) -> Iterator[bytes]:
    """An ``AliasList`` of items that are JSON already."""
    yield b'{"total":%d,"aliases":[' % len(items)
    for start in range(0, len(items), _ITEMS_IN_A_PART):
        if start:
            yield b","
        yield b",".join(items[start : start + _ITEMS_IN_A_PART])
    yield b"]}"


def _answer(parts: Iterable[bytes]) -> Answer:
    kept = tuple(parts)
    digest = hashlib.blake2b(digest_size=16)
    for part in kept:
        digest.update(part)
    return Answer(kept, digest.hexdigest())


def _name_of(stored: StoredAlias) -> str:
    return stored.alias.name if stored.alias else stored.stem


def _place_of(entry: Entry) -> tuple[object, ...] | None:
    model = entry.model
    return (model.identity, model.path, model.id, model.problem) if model else None
