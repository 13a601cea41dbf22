"""All aliases and models as the control plane reads them: the list, one of them, a name resolved.

Everything here blocks and is called from a thread, where it lets the event loop in between: ten
thousand aliases are shown within the time of many tokens of somebody's answer. What has not changed
since the last list is not shown anew.
"""

import hashlib
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias, TypeVar

from bodhi.aliases.check import Checker
from bodhi.aliases.columns import Row, Table
from bodhi.aliases.compare import Side
from bodhi.aliases.entry import Entry, entry_of_model, entry_of_stored, model_by_alias_id
from bodhi.aliases.model import AliasSource, StoredAlias
from bodhi.aliases.pages import Page, Search, joined
from bodhi.aliases.pins import pin_key
from bodhi.aliases.query import Now
from bodhi.aliases.recipe import recipe_of
from bodhi.aliases.searched import row_of
from bodhi.aliases.show import show_detail, show_item, show_trace
from bodhi.aliases.shown import AliasItem, TraceShown
from bodhi.aliases.state import Around, Marks
from bodhi.aliases.store import AliasStore
from bodhi.aliases.trace import shadowed_by_model, trace
from bodhi.aliases.view import View
from bodhi.chat_templates.sources import CHANGEABLE, origin_of
from bodhi.chat_templates.trials import UNTRIED, AskTrial, TemplateTrials
from bodhi.errors import AliasNotFound, BodhiError
from bodhi.model_files.index import Catalogue
from bodhi.params.explain import Explained, explain
from bodhi.params.findings import Finding

# Between two looks at whether somebody else wants the interpreter: well below a millisecond.
_ITEMS_IN_A_ROW = 16


@dataclass(frozen=True, slots=True)
class Answer:
    """JSON in parts, none of them large, and the etag of exactly these bytes."""

    parts: tuple[bytes, ...]
    etag: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """One row of the list, and everything that it was made from."""

    made_from: tuple[object, ...]
    row: Row


@dataclass(frozen=True, slots=True)
class _Beside:
    """What was known beside the files: drafts by uid, what is pinned, what is tried."""

    drafts: Mapping[str, str]
    pins: Collection[str]
    tried: frozenset[str]

    def marks(self, entry: Entry) -> Marks:
        key = entry.uid or entry.name
        draft = self.drafts.get(entry.uid) if entry.uid else None
        return Marks(draft, pin_key(entry) in self.pins, key in self.tried)


@dataclass(frozen=True, slots=True)
class _Whole:
    """Every row, and what all of it was made from."""

    view: View
    catalogue: Catalogue
    templates: "_Templates"
    beside: _Beside
    table: Table
    answer: list[Answer]  # of all of them, once it was asked for


_ALONE = Around()
_Item = TypeVar("_Item")
_Key: TypeAlias = tuple[AliasSource, str]
_Pieces: TypeAlias = dict[_Key, _Piece]
_Templates: TypeAlias = dict[str | None, str | None]  # declared -> why it cannot be used


class Listing:
    """Reads the aliases of ``store`` against a catalogue of models that the caller hands in."""

    def __init__(
        self,
        store: AliasStore,
        checker: Checker,
        around: Around = _ALONE,
        trials: TemplateTrials = UNTRIED,
    ) -> None:
        self.trials = trials
        self._store = store
        self._checker = checker
        self._around = around
        self._lock = threading.Lock()
        self._pieces: _Pieces = {}
        self._last: _Whole | None = None

    def all(self, catalogue: Catalogue) -> Answer:
        """Every alias, as an ``AliasList``."""
        whole = self._whole(catalogue)
        if not whole.answer:
            rows = whole.table.rows
            for _ in _with_pauses(row.json for row in rows):
                pass
            whole.answer.append(_answer(joined(Page(len(rows), rows, None))))
        return whole.answer[0]

    def page(self, search: Search, catalogue: Catalogue) -> Answer:
        """What was searched for, as an ``AliasList``. Raises InvalidInput for a foreign cursor."""
        table = self._whole(catalogue).table
        activity = self._around.activity
        now = Now(time.time(), activity.last_used, activity.in_flight)
        return _answer(joined(search.run(table, now)))

    async def tried(self, alias_id: str, catalogue: Catalogue) -> Answer:
        """As ``one``, with what a trial of its chat template shows."""
        return await self.trials.show(partial(self.one, alias_id, catalogue))

    def one(self, alias_id: str, catalogue: Catalogue, ask: AskTrial | None = None) -> Answer:
        """The alias with this URL id, as an ``AliasDetail``. Raises AliasNotFound."""
        # First, because it reads the file again: text and recipe are then of one content.
        text = self._text(alias_id)
        entry = self.entry(alias_id, catalogue)
        error = self._checker.error_of(entry, catalogue)
        found = trace(entry.name, self._store, catalogue)
        findings = self._checker.findings(entry, ask)
        effective, marks = self._explain(entry), self._beside().marks(entry)
        detail = show_detail(entry, error, found, effective, findings, text, marks)
        answer = _answer([detail.model_dump_json().encode()])
        if entry.source is AliasSource.MODEL:
            return answer
        # What a change is based on is the file; what a reader has is all of this.
        return replace(answer, etag=f"{entry.etag}.{answer.etag}")

    def resolve(self, name: str, catalogue: Catalogue) -> TraceShown:
        """What a request for ``name`` would get."""
        return show_trace(trace(name, self._store, catalogue))

    def beside_one_another(
        self, alias_ids: Sequence[str], catalogue: Catalogue, ask: AskTrial | None = None
    ) -> tuple[list[AliasItem], list[Side]]:
        """Several aliases, to be compared. Raises AliasNotFound."""
        items, sides, beside = [], [], self._beside()
        for alias_id in alias_ids:
            entry = self.entry(alias_id, catalogue)
            error, findings = (
                self._checker.error_of(entry, catalogue),
                self._checker.findings(entry, ask),
            )
            items.append(show_item(entry, error, findings, beside.marks(entry), longest=None))
            sides.append(Side(entry, self._explain(entry)))
        return items, sides

    def entry(self, alias_id: str, catalogue: Catalogue) -> Entry:
        """The user alias or model with this URL id. Raises AliasNotFound."""
        if stored := self._store.by_stem(alias_id):
            return entry_of_stored(stored, catalogue)
        if model := model_by_alias_id(alias_id, catalogue):
            return entry_of_model(model)
        raise AliasNotFound("No alias or model has this id.", remedy="GET /api/v1/aliases has all.")

    def _whole(self, catalogue: Catalogue) -> _Whole:
        with self._lock:
            view, beside, last = self._store.view, self._beside(), self._last
            if (
                last is not None
                and last.view is view
                and last.catalogue is catalogue
                and last.beside == beside
                and self._still(last.templates)
            ):
                return last
            templates: _Templates = {}
            self._pieces = dict(self._show_all(view, catalogue, templates, beside))
            rows = (piece.row for piece in self._pieces.values())
            table = Table(rows, last.table if last else None)
            self._last = _Whole(view, catalogue, templates, beside, table, [])
            return self._last

    def _beside(self) -> _Beside:
        around = self._around
        return _Beside(around.drafts.by_uid(), around.pins.all().keys(), around.trials.running())

    def _text(self, alias_id: str) -> str | None:
        if self._store.by_stem(alias_id) is None:
            return None
        # A file that is no text has none to show, and the error says so already.
        with suppress(BodhiError):
            return self._store.text_of(alias_id)[0]
        return None

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
        self, view: View, catalogue: Catalogue, templates: _Templates, beside: _Beside
    ) -> Iterator[tuple[_Key, _Piece]]:
        for source, entry in _with_pauses(_entries(view, catalogue)):
            declared = entry.alias.chat_template if entry.alias else None
            if declared not in templates:
                templates[declared] = self._template_problem(declared)
            shadow = shadowed_by_model(entry.name, self._store, catalogue)
            marks = beside.marks(entry)
            made_from = (source, _place_of(entry), templates[declared], shadow, marks)
            # The id alone is not enough: any name can be given to a file that is no alias.
            key = entry.source, entry.id
            known = self._pieces.get(key)
            if known is None or known.made_from != made_from:
                known = _Piece(made_from, self._row(entry, catalogue, shadow, marks))
            yield key, known

    def _row(self, entry: Entry, catalogue: Catalogue, shadow: Finding | None, marks: Marks) -> Row:
        error = self._checker.error_of(entry, catalogue)
        return row_of(
            entry,
            marks.state_of(entry.source, error),
            is_pinned=marks.is_pinned,
            show=partial(self._show, entry, error, shadow, marks),
        )

    def _show(
        self, entry: Entry, error: BodhiError | None, shadow: Finding | None, marks: Marks
    ) -> bytes:
        findings = self._checker.findings(entry)
        item = show_item(entry, error, [shadow, *findings] if shadow else findings, marks)
        return item.model_dump_json().encode()


def _entries(view: View, catalogue: Catalogue) -> Iterator[tuple[object, Entry]]:
    """Each with the object that is another once it has changed."""
    for stored in sorted(view.by_stem.values(), key=_name_of):
        yield stored, entry_of_stored(stored, catalogue)
    for model in catalogue.rows:
        yield model, entry_of_model(model)


def _with_pauses(items: Iterable[_Item]) -> Iterator[_Item]:
    """The items as they are made, with the interpreter let go again and again."""
    for number, item in enumerate(items):
        if number % _ITEMS_IN_A_ROW == 0:
            time.sleep(0)
        yield item


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
